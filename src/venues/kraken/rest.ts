import { concatMap, defer, map, type Observable, of } from 'rxjs';
import type { z } from 'zod';
import { printable } from '../../domain/printable.ts';
import { after } from '../../operators/after.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { Http, HttpAnswer } from '../../transport/http.ts';
import { boundBroken } from '../../transport/json-bounds.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { tokenBucket } from '../../transport/token-bucket.ts';
import { urlPart } from '../../transport/url-part.ts';
import { restPair } from './pair.ts';
import {
  type KrakenOhlcRow,
  type KrakenTradeRow,
  ohlcBody,
  rowsOf,
  systemStatusBody,
  timeBody,
  tradesBody,
} from './rest-wire.ts';

/**
 * The result of a REST call after all tries: the body as it came and what was read from it, or why there is
 * none.
 */
export type KrakenAnswer<T> =
  | { readonly kind: 'ok'; readonly resource: string; readonly text: string; readonly value: T }
  | { readonly kind: 'failed'; readonly resource: string; readonly why: string };

/** A page of trades; `last` is the next page's `since`, 19 digits of nanoseconds. */
export interface TradesPage {
  readonly rows: readonly KrakenTradeRow[];
  readonly last: string;
}

/** Kraken's public REST. Each call waits its turn, is tried a bounded number of times, and answers once. */
export interface KrakenRest {
  /** Up to 1,000 trades after `since`, nanoseconds as text, oldest first. */
  readonly trades: (symbol: string, since: string) => Observable<KrakenAnswer<TradesPage>>;
  /** The newest 720 bars at most; the last one is not finished. */
  readonly ohlc: (
    symbol: string,
    intervalMinutes: number,
  ) => Observable<KrakenAnswer<readonly KrakenOhlcRow[]>>;
  readonly time: () => Observable<KrakenAnswer<{ readonly unixtime: number }>>;
  readonly systemStatus: () => Observable<KrakenAnswer<{ readonly status: string }>>;
}

/** What REST needs. */
export interface KrakenRestPorts {
  readonly http: Http;
  readonly clock: EdgeClock;
  readonly random: () => number;
  readonly restUrl: string;
}

/** Kraken publishes no limit. It does not refuse clients that call once in 1.2 s. */
const CALLS = { ratePerSecond: 1 / 1.2, capacity: 1 };
const TRIES = 5;
const FIRST_WAIT_MS = 2_000;
const MOST_WAIT_MS = 30_000;
const TIMEOUT_MS = 15_000;
const TOO_MANY = /Too many requests|Rate limit exceeded|EService:(Unavailable|Busy|Timeout)/;

/** Why the call should be tried again; undefined if the answer is final. */
const passing = (answer: HttpAnswer): string | undefined => {
  if (answer.kind === 'failed') return answer.why;
  if (answer.status === 429 || answer.status >= 500) return `HTTP ${answer.status}`;
  return TOO_MANY.exec(answer.text)?.[0];
};

/** Opens Kraken's public REST (docs.kraken.com/api/docs/rest-api). */
export function krakenRest({ http, clock, random, restUrl }: KrakenRestPorts): KrakenRest {
  const bucket = tokenBucket(CALLS, clock);
  const base = restUrl.replace(/\/$/, '');

  const ask = (resource: string, tries: number): Observable<HttpAnswer> =>
    defer(() => after(bucket.reserve(1), clock)).pipe(
      concatMap(() =>
        http({
          method: 'GET',
          url: `${base}${resource}`,
          headers: {},
          body: undefined,
          timeoutMs: TIMEOUT_MS,
        }),
      ),
      concatMap((answer) => {
        if (tries >= TRIES || passing(answer) === undefined) return of(answer);
        const wait = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)) * (0.5 + random() / 2);
        return after(wait, clock).pipe(concatMap(() => ask(resource, tries + 1)));
      }),
    );

  const call = <S extends z.ZodType<{ error: string[]; result?: unknown }>, T>(
    resource: string,
    schema: S,
    read: (result: NonNullable<z.output<S>['result']>) => T | undefined,
  ): Observable<KrakenAnswer<T>> =>
    ask(resource, 1).pipe(
      map((answer): KrakenAnswer<T> => {
        const failed = (why: string): KrakenAnswer<T> => ({ kind: 'failed', resource, why });
        if (answer.kind === 'failed') return failed(answer.why);
        const { status, text } = answer;
        if (status !== 200) return failed(`HTTP ${status}: ${printable(text, 200)}`);
        const json = jsonOf(text);
        if (json === undefined)
          return failed(boundBroken(text) ?? `the body is no JSON: ${printable(text, 80)}`);
        const { data, error } = schema.safeParse(json);
        if (!data) return failed(`the body has another shape: ${error?.issues[0]?.message ?? 'unknown'}`);
        if (data.error.length > 0) return failed(printable(data.error.join(', '), 200));
        const value = read(data.result as NonNullable<z.output<S>['result']>);
        return value === undefined ? failed('the body has no rows') : { kind: 'ok', resource, text, value };
      }),
    );

  return {
    trades: (symbol, since) =>
      call(
        `/0/public/Trades?pair=${restPair(symbol)}&since=${urlPart(since)}&count=1000`,
        tradesBody,
        (result) => {
          const { last } = result as { last: string };
          return { rows: rowsOf<KrakenTradeRow>(result as Record<string, unknown>)?.rows ?? [], last };
        },
      ),
    ohlc: (symbol, intervalMinutes) =>
      call(
        `/0/public/OHLC?pair=${restPair(symbol)}&interval=${intervalMinutes}`,
        ohlcBody,
        (result) => rowsOf<KrakenOhlcRow>(result as Record<string, unknown>)?.rows,
      ),
    time: () => call('/0/public/Time', timeBody, (result) => result as { unixtime: number }),
    systemStatus: () =>
      call('/0/public/SystemStatus', systemStatusBody, (result) => result as { status: string }),
  };
}
