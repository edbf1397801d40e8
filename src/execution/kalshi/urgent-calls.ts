import type { Observable } from 'rxjs';
import type { Http, HttpAnswer, HttpRequest } from '../../transport/http.ts';
import { type KalshiSettings, kalshiHosts } from '../../venues/kalshi/settings.ts';
import type { KalshiSigner } from '../../venues/kalshi/sign.ts';

/**
 * A signed call of the account, which answers after `withinMs` at the latest. It waits for no token of
 * ours and is sent once. `path` is below `/trade-api/v2`, with its query.
 */
export type UrgentCall = (
  method: HttpRequest['method'],
  path: string,
  withinMs: number,
  body?: string,
) => Observable<HttpAnswer>;

/**
 * Opens the calls of the kill switch. They pass by the token buckets and the back-off of `kalshiRest` and
 * `venueWrites`, because whoever cancels must not queue behind those who read and place. If the exchange says
 * 429, the caller asks again.
 */
export function urgentCalls(
  http: Http,
  signer: KalshiSigner,
  settings: Pick<KalshiSettings, 'environment' | 'wsUrl' | 'restUrl'>,
): UrgentCall {
  const { restUrl } = kalshiHosts(settings);
  const root = new URL(restUrl).pathname;
  return (method, path, withinMs, body) =>
    http({
      method,
      url: `${restUrl}${path}`,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...signer.headers(method, `${root}${path}`),
      },
      body,
      timeoutMs: withinMs,
    });
}
