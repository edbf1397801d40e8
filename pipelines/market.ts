import { filter, map, merge, type Observable, pipe, share } from 'rxjs';
import type { Settings } from '../src/config/settings.ts';
import type { Asset } from '../src/domain/asset.ts';
import type { Late, MinuteClosed } from '../src/domain/events/bars.ts';
import type { TickRow } from '../src/domain/events/features.ts';
import type { FeedSilence } from '../src/domain/events/feed.ts';
import type { Forecast } from '../src/domain/events/forecast.ts';
import type { IndexValue, PriceDoubt } from '../src/domain/events/market.ts';
import type { Gap, IndexPrint } from '../src/domain/events/venue.ts';
import { type Micros, SECOND } from '../src/domain/time.ts';
import { featureRows } from '../src/features/rows/feature-rows.ts';
import type { MinuteRow } from '../src/features/rows/minute-row.ts';
import { tickRows } from '../src/features/rows/tick-rows.ts';
import type { Forecaster } from '../src/forecast/serve/forecaster.ts';
import { nowcasts, type SecondPrice } from '../src/forecast/serve/nowcasts.ts';
import { type BarClosed, bars, type PriceSample } from '../src/operators/bars.ts';
import type { Clock } from '../src/operators/clock.ts';
import { minuteBars } from '../src/operators/minute-bars.ts';
import { ofKind } from '../src/operators/of-kind.ts';
import type { At } from '../src/operators/route.ts';
import { type Staleness, stale } from '../src/operators/stale.ts';
import { indexTwin } from '../src/pricing/index-twin.ts';
import type { USE, VenueState } from './routes.ts';

/** What one asset's market is built from. */
export interface MarketPorts {
  readonly asset: Asset;
  /** True for the first asset of the configuration. */
  readonly first: boolean;
  readonly at: At<VenueState, typeof USE>;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly forecaster: Forecaster;
}

/** One asset's market, from its venues' events to its forecast. Every stream is shared. */
export interface Market {
  /** The index, or the stand-in for it. */
  readonly index$: Observable<IndexValue>;
  /** The prints of the index that are believed, and every price that is not. */
  readonly print$: Observable<IndexPrint>;
  readonly doubt$: Observable<PriceDoubt>;
  readonly minute$: Observable<MinuteClosed>;
  readonly row$: Observable<MinuteRow>;
  readonly tickRow$: Observable<TickRow>;
  readonly forecast$: Observable<Forecast>;
  /** Feeds that fell silent or spoke again. */
  readonly silence$: Observable<FeedSilence>;
  readonly late$: Observable<Late<unknown>>;
  /** History that was left out, since it is of another market. */
  readonly jump$: Observable<Gap>;
}

const sampleOf = ({ at, value }: IndexValue): PriceSample => ({ at, price: value });

const breaksTheFeed = ({ cause }: Gap): boolean => cause === 'session' || cause === 'disconnect';

const secondPrice = ({ at, receivedAt, bar }: BarClosed): SecondPrice => ({
  kind: 'second',
  at,
  receivedAt,
  price: bar.close,
});

const silenceOf =
  (asset: string, feed: string) =>
  (staleness: Staleness): FeedSilence => ({
    kind: 'feedSilence',
    at: staleness.at,
    asset,
    feed,
    silent: staleness.kind === 'stale',
    since: staleness.since,
  });

/** Builds one asset's market: index, minutes, features, forecast. */
export function market({ asset, first, at, clock, settings, forecaster }: MarketPorts): Market {
  const { name } = asset;
  const twin$ = at('twin', name).pipe(indexTwin(settings.pricing.twin, asset), share());
  const index$ = twin$.pipe(ofKind('index'), share());
  const second$ = merge(index$.pipe(map(sampleOf)), at('seconds', name).pipe(filter(breaksTheFeed))).pipe(
    bars({ spanMicros: SECOND, clock, graceMicros: SECOND, emptyLimit: 5 }),
    share(),
  );
  const minute$ = at('minutes', name).pipe(
    minuteBars({ clock, asset: name, first, symbol: asset.spot.kraken ?? '' }),
    share(),
  );
  const row$ = minute$.pipe(featureRows(asset), share());
  const forecast$ = merge(
    row$.pipe(forecaster.forecasts(clock)),
    at('remoteForecasts', name).pipe(map(({ forecast }) => forecast)),
    second$.pipe(ofKind('bar'), map(secondPrice)),
  ).pipe(nowcasts(settings.forecast), share());
  const tickRow$ = merge(at('ticks', name), index$).pipe(tickRows({ clock, asset }));

  const watch = (feed: string, spanMicros: Micros) =>
    pipe(stale({ spanMicros, clock }), map(silenceOf(name, feed)));
  const { krakenBookMaxAgeMicros, kalshiMaxAgeMicros, indexMaxAgeMicros } = settings.risk;
  return {
    index$,
    print$: twin$.pipe(ofKind('indexPrint')),
    doubt$: twin$.pipe(ofKind('priceDoubt')),
    minute$: minute$.pipe(ofKind('minute')),
    row$,
    tickRow$,
    forecast$,
    silence$: merge(
      at('spotBook', name).pipe(watch('krakenBook', krakenBookMaxAgeMicros)),
      at('quotes', name).pipe(watch('kalshi', kalshiMaxAgeMicros)),
      at('prints', name).pipe(watch('index', indexMaxAgeMicros)),
    ),
    late$: merge(second$, minute$).pipe(ofKind('late')),
    jump$: minute$.pipe(ofKind('gap')),
  };
}
