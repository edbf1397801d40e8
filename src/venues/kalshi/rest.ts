import { concatMap, defer, EMPTY, expand, map, type Observable, of } from 'rxjs';
import { z } from 'zod';
import { printable } from '../../domain/printable.ts';
import { after } from '../../operators/after.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { Http, HttpAnswer } from '../../transport/http.ts';
import { boundBroken } from '../../transport/json-bounds.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { type BucketLimits, tokenBucket } from '../../transport/token-bucket.ts';
import { urlPart } from '../../transport/url-part.ts';
import { BASIC_READ, DEFAULT_COST, KEYLESS_READ } from './limits.ts';
import { readError } from './read-error.ts';
import { type KalshiSettings, kalshiHosts } from './settings.ts';
import type { KalshiSigner } from './sign.ts';

/**
 * The result of a call after all its tries. `resource` is the path with its query, as it is written to the
 * tape; `why` is a sentence for the operator.
 */
export type KalshiAnswer =
  | { readonly kind: 'ok'; readonly resource: string; readonly text: string; readonly json: unknown }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly details: string | undefined;
      readonly why: string;
    }
  | { readonly kind: 'failed'; readonly why: string; readonly arrived: boolean };

/**
 * Parameters of a query; an undefined one is left out, a list is repeated (`form`, exploded, in Kalshi's
 * OpenAPI document).
 */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Kalshi's REST, for reading. Each call waits for its tokens and answers once. */
export interface KalshiRest {
  /** `path` is below `/trade-api/v2`, such as `/markets`. */
  readonly get: (path: string, query?: Query) => Observable<KalshiAnswer>;
  /**
   * Reads all pages by their cursor, with one answer each. It ends early at an answer that is not `ok` and at a
   * cursor that was used before. After `most` pages one `failed` tells that there are more.
   */
  readonly pages: (path: string, query?: Query, most?: number) => Observable<KalshiAnswer>;
  /** Sets the account's own limits, once they are known. */
  readonly useLimits: (limits: BucketLimits) => void;
}

/** What REST needs. */
export interface KalshiRestPorts {
  readonly http: Http;
  readonly clock: EdgeClock;
  readonly random: () => number;
  /** If undefined, only public resources can be read. */
  readonly signer: KalshiSigner | undefined;
}

const TRIES = 4;
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 8_000;
const TIMEOUT_MS = 10_000;
const MOST_PAGES = 50;
const MOST_CURSOR = 4_096;

const page = z.object({ cursor: z.string().max(1_024).nullish() });

const textOf = (query: Query): string => {
  const parts = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [value].flat().map((each) => `${key}=${urlPart(String(each))}`),
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
};

/**
 * Kalshi sends no Retry-After. A 429 and a transport failure are tried again after a random wait that doubles
 * each time.
 */
const passing = (answer: HttpAnswer): boolean =>
  answer.kind === 'failed' || answer.status === 429 || answer.status >= 500;

/**
 * Opens Kalshi's REST (docs.kalshi.com/api-reference). Every try is signed anew, since the signature contains
 * the time.
 */
export function kalshiRest(
  { http, clock, random, signer }: KalshiRestPorts,
  settings: KalshiSettings,
): KalshiRest {
  const { restUrl } = kalshiHosts(settings);
  const root = new URL(restUrl).pathname;
  const bucket = tokenBucket(signer ? BASIC_READ : KEYLESS_READ, clock);

  const ask = (resource: string, tries: number): Observable<HttpAnswer> =>
    defer(() => after(bucket.reserve(DEFAULT_COST), clock)).pipe(
      concatMap(() =>
        http({
          method: 'GET',
          url: `${restUrl}${resource.slice(root.length)}`,
          headers: { accept: 'application/json', ...signer?.headers('GET', resource) },
          body: undefined,
          timeoutMs: TIMEOUT_MS,
        }),
      ),
      concatMap((answer) => {
        if (tries >= TRIES || !passing(answer)) return of(answer);
        const wait = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)) * (0.5 + random());
        return after(wait, clock).pipe(concatMap(() => ask(resource, tries + 1)));
      }),
    );

  const get = (path: string, query: Query = {}): Observable<KalshiAnswer> => {
    const resource = `${root}${path}${textOf(query)}`;
    return ask(resource, 1).pipe(
      map((answer): KalshiAnswer => {
        if (answer.kind === 'failed') return { ...answer, why: `${path}: ${answer.why}` };
        const { status, text } = answer;
        if (status < 200 || status > 299)
          return { kind: 'refused', status, ...prefixed(path, readError(status, text)) };
        const json = jsonOf(text);
        if (json !== undefined) return { kind: 'ok', resource, text, json };
        const why = boundBroken(text) ?? `the body is no JSON: ${printable(text, 80)}`;
        return { kind: 'failed', why: `${path}: ${why}`, arrived: true };
      }),
    );
  };

  return {
    get,
    pages: (path, query = {}, most = MOST_PAGES) =>
      defer(() => {
        let pages = 0;
        const used = new Set<string>();
        return get(path, query).pipe(
          expand((answer) => {
            const cursor = answer.kind === 'ok' ? (page.safeParse(answer.json).data?.cursor ?? '') : '';
            // A cursor that repeats would never end.
            if (cursor === '' || cursor.length > MOST_CURSOR || used.has(cursor)) return EMPTY;
            if (++pages >= most)
              return of<KalshiAnswer>({
                kind: 'failed',
                why: `${path}: more than ${most} pages, the rest is not read`,
                arrived: true,
              });
            used.add(cursor);
            return get(path, { ...query, cursor });
          }),
        );
      }),
    useLimits: (limits) => bucket.update(limits),
  };
}

const prefixed = (path: string, { code, details, why }: ReturnType<typeof readError>) => ({
  code,
  details,
  why: `${path}: ${why}`,
});
