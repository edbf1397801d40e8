import type { Observable } from 'rxjs';
import type { Http, HttpAnswer } from '../../transport/http.ts';
import type { KalshiSettings } from '../../venues/kalshi/settings.ts';
import type { KalshiSigner } from '../../venues/kalshi/sign.ts';
import { urgentCalls } from './urgent-calls.ts';

/** Signed calls that change something at the venue. Each is sent once; nothing here tries again. */
export interface VenueWrites {
  /** `path` is below `/trade-api/v2`, with its query. */
  readonly call: (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: string) => Observable<HttpAnswer>;
}

/** A matching engine answers in milliseconds; after this the result is unknown. */
const TIMEOUT_MS = 5_000;

/** Opens the writing side of Kalshi's REST. */
export function venueWrites(http: Http, signer: KalshiSigner, settings: KalshiSettings): VenueWrites {
  const call = urgentCalls(http, signer, settings);
  return { call: (method, path, body) => call(method, path, TIMEOUT_MS, body) };
}
