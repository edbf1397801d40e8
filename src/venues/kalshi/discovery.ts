import { concat, defer, EMPTY, merge, type Observable, tap } from 'rxjs';
import { type Asset, seriesTickers } from '../../domain/asset.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import { urlPart } from '../../transport/url-part.ts';
import { readLimits } from './limits.ts';
import type { MarketDirectory } from './market-directory.ts';
import type { KalshiAnswer, KalshiRest } from './rest.ts';

/** What discovery needs: the REST it reads by and the directory it fills. */
export interface Discovery {
  readonly rest: KalshiRest;
  readonly directory: MarketDirectory;
  readonly assets: readonly Asset[];
  readonly subscribeAheadMicros: Micros;
  readonly stamp: () => Micros;
  /** True with an API key. Then the account's own limits are read too. */
  readonly signed: boolean;
}

/** Markets that have just closed are listed as well, since the frame of their end may have been missed. */
const BEHIND = 5 * MINUTE;
/**
 * How far ahead closes are listed. The next contract but one may be created before the current one closes.
 */
const BEYOND = 20 * MINUTE;

/** A series has some hundreds of markets within this window; more pages are a fault of the venue. */
const MOST_PAGES = 10;

/**
 * Lists the markets of the assets' series that close soon or have just closed, page by page. The series are listed at
 * the same time, so that one that is not answered delays no other.
 */
export function discoverMarkets(discovery: Discovery): Observable<KalshiAnswer> {
  const { rest, directory, assets, subscribeAheadMicros, stamp } = discovery;
  return merge(
    ...assets.flatMap(seriesTickers).map((series) =>
      defer(() =>
        rest.pages(
          '/markets',
          {
            series_ticker: series,
            min_close_ts: Math.floor((stamp() - BEHIND) / SECOND),
            max_close_ts: Math.ceil((stamp() + subscribeAheadMicros + BEYOND) / SECOND),
            limit: 1000,
          },
          MOST_PAGES,
        ),
      ),
    ),
  ).pipe(
    tap((answer) => {
      if (answer.kind === 'ok') directory.list(answer.json);
    }),
  );
}

/**
 * Reads everything that must be known before trading: limits, then status and fees, then markets, then the fee
 * terms of their events. What belongs to one step is asked for at the same time.
 */
export function discoverAll(discovery: Discovery): Observable<KalshiAnswer> {
  const { rest, directory, assets, stamp, signed } = discovery;
  return concat(
    signed
      ? rest.get('/account/limits').pipe(
          tap((answer) => {
            const limits = answer.kind === 'ok' ? readLimits(answer.json) : undefined;
            if (limits) rest.useLimits(limits.read);
          }),
        )
      : EMPTY,
    merge(
      rest.get('/exchange/status'),
      ...assets.flatMap(seriesTickers).map((series) => rest.get(`/series/${urlPart(series)}`)),
    ),
    discoverMarkets(discovery),
    defer(() => merge(...directory.events(stamp()).map((event) => rest.get(`/events/${urlPart(event)}`)))),
  );
}
