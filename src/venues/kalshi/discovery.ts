import { concat, defer, EMPTY, type Observable, tap } from 'rxjs';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import { readLimits } from './limits.ts';
import type { MarketDirectory } from './market-directory.ts';
import type { KalshiAnswer, KalshiRest } from './rest.ts';
import type { KalshiSettings } from './settings.ts';

/** What discovery reads through and into. */
export interface Discovery {
  readonly rest: KalshiRest;
  readonly directory: MarketDirectory;
  readonly settings: Pick<KalshiSettings, 'series' | 'subscribeAheadMicros'>;
  readonly stamp: () => Micros;
  /** With a key the account's own limits are read too. */
  readonly signed: boolean;
}

/** Just closed markets are listed as well: their end may have been missed. */
const BEHIND = 5 * MINUTE;
/** The contract after the next is created before the one before it closes. */
const BEYOND = 20 * MINUTE;

/** Markets of the configured series that close soon or closed just now, page by page. */
export function discoverMarkets({ rest, directory, settings, stamp }: Discovery): Observable<KalshiAnswer> {
  return concat(
    ...settings.series.map((series) =>
      defer(() =>
        rest.pages('/markets', {
          series_ticker: series,
          min_close_ts: Math.floor((stamp() - BEHIND) / SECOND),
          max_close_ts: Math.ceil((stamp() + settings.subscribeAheadMicros + BEYOND) / SECOND),
          limit: 1000,
        }),
      ),
    ),
  ).pipe(
    tap((answer) => {
      if (answer.kind === 'ok') directory.list(answer.json);
    }),
  );
}

/** Everything that has to be known before trading: limits, status, fees, markets, and fee overrides of their events. */
export function discoverAll(discovery: Discovery): Observable<KalshiAnswer> {
  const { rest, directory, settings, stamp, signed } = discovery;
  return concat(
    signed
      ? rest.get('/account/limits').pipe(
          tap((answer) => {
            const limits = answer.kind === 'ok' ? readLimits(answer.json) : undefined;
            if (limits) rest.useLimits(limits.read);
          }),
        )
      : EMPTY,
    rest.get('/exchange/status'),
    ...settings.series.map((series) => rest.get(`/series/${series}`)),
    discoverMarkets(discovery),
    defer(() => concat(...directory.events(stamp()).map((event) => rest.get(`/events/${event}`)))),
  );
}
