import { defer, map, type Observable } from 'rxjs';
import type { Http } from '../../transport/http.ts';
import { withoutSecrets } from '../../transport/without-secrets.ts';
import type { KalshiSigner } from '../../venues/kalshi/sign.ts';

/** The outcome of one GET. Its wall times, in milliseconds, are of the first and the last byte. */
export type Asked =
  | {
      readonly kind: 'answered';
      readonly json: unknown;
      readonly sentMillis: number;
      readonly receivedMillis: number;
    }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string }
  | { readonly kind: 'failed'; readonly why: string };

/** The ports that a GET needs. */
export interface AskPorts {
  readonly http: Http;
  readonly wallMillis: () => number;
}

const TIMEOUT_MS = 6_000;

/**
 * One GET without retries: a lane would try again, but the doctor shows the first failure. It is signed for
 * the address's path if there is a signer.
 */
export const ask = ({ http, wallMillis }: AskPorts, url: string, signer?: KalshiSigner): Observable<Asked> =>
  defer(() => {
    const sentMillis = wallMillis();
    return http({
      method: 'GET',
      url,
      headers: { accept: 'application/json', ...signer?.headers('GET', new URL(url).pathname) },
      body: undefined,
      timeoutMs: TIMEOUT_MS,
    }).pipe(
      map((answer): Asked => {
        if (answer.kind === 'failed') return { kind: 'failed', why: answer.why };
        const { status, text } = answer;
        if (status < 200 || status > 299) return { kind: 'refused', status, text };
        try {
          const json = JSON.parse(text) as unknown;
          return { kind: 'answered', json, sentMillis, receivedMillis: wallMillis() };
        } catch {
          return {
            kind: 'failed',
            why: `status ${status} and no JSON: ${withoutSecrets(text).slice(0, 80)}`,
          };
        }
      }),
    );
  });
