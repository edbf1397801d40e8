import { concat, concatMap, defer, EMPTY, finalize, from, Observable, of, repeat } from 'rxjs';
import type { Asset } from '../../domain/asset.ts';
import type { ConnectionFrame } from '../../domain/frame.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import { after } from '../../operators/after.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { Feed, FeedFrame } from '../../transport/feed.ts';
import { urlPart } from '../../transport/url-part.ts';
import { discoverAll, discoverMarkets } from './discovery.ts';
import { marketDirectory } from './market-directory.ts';
import type { KalshiAnswer, KalshiRest } from './rest.ts';
import type { KalshiSettings } from './settings.ts';

/** What polling needs. */
export interface PollingPorts {
  readonly rest: KalshiRest;
  readonly clock: EdgeClock;
  readonly stamp: () => Micros;
}

/** Books in one call of `GET /markets/orderbooks`. */
const BOOKS_A_CALL = 50;
/** Books per round when each takes a call of its own. */
const SINGLE_BOOKS = 12;
const FAILURES = 3;
const STATUS_ROUNDS = 10;
const DISCOVERY_ROUNDS = 40;
const AFTER_CLOSE = 3 * SECOND;

/**
 * Kalshi without a key: reads markets and books by public REST, round after round. It is much slower than the
 * socket (seconds instead of milliseconds) and gives neither the index nor trades; the detail of the `opened`
 * frame states this. If `/markets/orderbooks` requires a key, books are read one by one, nearest close first.
 */
export function kalshiPolling(
  { rest, clock, stamp }: PollingPorts,
  { pollEveryMicros, subscribeAheadMicros }: Pick<KalshiSettings, 'pollEveryMicros' | 'subscribeAheadMicros'>,
  assets: readonly Asset[],
): Feed {
  return () =>
    new Observable<FeedFrame>((to) => {
      const directory = marketDirectory({ assets, subscribeAheadMicros });
      const discovery = { rest, directory, assets, subscribeAheadMicros, stamp, signed: false };
      let open = false;
      let failures = 0;
      let single = false;
      let round = 0;
      let waitMs = 0;
      let closeAt: Micros | undefined;

      const report = (change: ConnectionFrame['change'], detail: string): void =>
        to.next({ kind: 'connection', at: stamp(), venue: 'kalshi', change, detail });
      const receive = (answer: KalshiAnswer): void => {
        if (answer.kind === 'ok') {
          failures = 0;
          if (!open) {
            open = true;
            report(
              'opened',
              `no key: books are polled every ${pollEveryMicros / SECOND} s, far slower than the socket, without index and trades`,
            );
          }
          to.next({
            kind: 'rest',
            at: stamp(),
            venue: 'kalshi',
            resource: answer.resource,
            text: answer.text,
          });
          return;
        }
        failures++;
        report('refused', answer.why);
        if (failures < FAILURES || !open) return;
        open = false;
        report('closed', `${failures} calls in a row failed; the last: ${answer.why}`);
      };

      /** Kept until the markets are listed again, so that a close between two rounds is not missed. */
      const listed = (markets$: Observable<KalshiAnswer>): Observable<KalshiAnswer> =>
        markets$.pipe(
          finalize(() => {
            closeAt = directory.nextClose(stamp());
          }),
        );
      const booksOf = (tickers: readonly string[]): Observable<KalshiAnswer> => {
        const chunks = Array.from({ length: Math.ceil(tickers.length / BOOKS_A_CALL) }, (_, i) =>
          tickers.slice(i * BOOKS_A_CALL, (i + 1) * BOOKS_A_CALL),
        );
        return from(chunks).pipe(
          concatMap((chunk) => (single ? EMPTY : rest.get('/markets/orderbooks', { tickers: chunk }))),
          concatMap((answer) => {
            if (answer.kind !== 'refused' || answer.status !== 401) return of(answer);
            single = true;
            return singly(tickers);
          }),
        );
      };
      const singly = (tickers: readonly string[]): Observable<KalshiAnswer> =>
        from(tickers.slice(0, SINGLE_BOOKS)).pipe(
          concatMap((ticker) => rest.get(`/markets/${urlPart(ticker)}/orderbook`)),
        );
      const poll = (): Observable<KalshiAnswer> => {
        const now = stamp();
        const wanted = directory.wanted(now);
        const rolled = closeAt !== undefined && now >= closeAt + AFTER_CLOSE;
        return concat(
          round % STATUS_ROUNDS === 0 && round > 0 ? rest.get('/exchange/status') : EMPTY,
          rolled || (round % DISCOVERY_ROUNDS === 0 && round > 0)
            ? listed(discoverMarkets(discovery))
            : EMPTY,
          single ? singly(wanted) : booksOf(wanted),
        );
      };
      const rounds$ = defer(() => {
        const startedMs = clock.now();
        return poll().pipe(
          finalize(() => {
            round++;
            waitMs = Math.max(0, pollEveryMicros / 1000 - (clock.now() - startedMs));
          }),
        );
      }).pipe(repeat({ delay: () => after(waitMs, clock) }));
      return concat(listed(discoverAll(discovery)), rounds$).subscribe(receive);
    });
}
