import type { Observable } from 'rxjs';
import type { Http, HttpAnswer } from '../../transport/http.ts';
import { type KalshiSettings, kalshiHosts } from '../../venues/kalshi/settings.ts';
import type { KalshiSigner } from '../../venues/kalshi/sign.ts';

/** Signed calls that change something at the venue. Each is sent once; nothing here tries again. */
export interface VenueWrites {
  /** `path` is below `/trade-api/v2`, with its query. */
  readonly call: (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: string) => Observable<HttpAnswer>;
}

/** A matching engine answers in milliseconds; after this the result is unknown. */
const TIMEOUT_MS = 5_000;

/** Opens the writing side of Kalshi's REST. */
export function venueWrites(http: Http, signer: KalshiSigner, settings: KalshiSettings): VenueWrites {
  const { restUrl } = kalshiHosts(settings);
  const root = new URL(restUrl).pathname;
  return {
    call: (method, path, body) =>
      http({
        method,
        url: `${restUrl}${path}`,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...signer.headers(method, `${root}${path}`),
        },
        body,
        timeoutMs: TIMEOUT_MS,
      }),
  };
}
