import { filter, map, merge, type Observable, pipe, share } from 'rxjs';
import type { Settings } from '../src/config/settings.ts';
import type { FeedSilence } from '../src/domain/events/feed.ts';
import type { Forecast } from '../src/domain/events/forecast.ts';
import type { IndexValue } from '../src/domain/events/market.ts';
import type { Gap } from '../src/domain/events/venue.ts';
import type { Frame } from '../src/domain/frame.ts';
import { type Micros, SECOND } from '../src/domain/time.ts';
import { desk } from '../src/execution/desk.ts';
import type { DeskOutput } from '../src/execution/desk-events.ts';
import type { OpenGateway } from '../src/execution/gateway.ts';
import { barFeatures } from '../src/features/bar-features.ts';
import type { FeatureRow } from '../src/features/feature-row.ts';
import { featureRows } from '../src/features/feature-rows.ts';
import type { TickRow } from '../src/features/tick-row.ts';
import { tickRows } from '../src/features/tick-rows.ts';
import type { Forecaster } from '../src/forecast/forecaster.ts';
import { nowcasts, type SecondPrice } from '../src/forecast/nowcasts.ts';
import { type BarClosed, bars, type PriceSample } from '../src/operators/bars.ts';
import { conflate } from '../src/operators/conflate.ts';
import { connectByKind } from '../src/operators/connect-by-kind.ts';
import { core } from '../src/operators/core.ts';
import type { Late } from '../src/operators/late.ts';
import { type MinuteClosed, minuteBars } from '../src/operators/minute-bars.ts';
import { ofKind } from '../src/operators/of-kind.ts';
import { type Staleness, stale } from '../src/operators/stale.ts';
import type { TapeScheduler } from '../src/operators/tape-scheduler.ts';
import { indexTwin } from '../src/pricing/index-twin.ts';
import { type TickerComparison, tickerAudit } from '../src/venues/kalshi/ticker-audit.ts';
import { type VenueState, venueState } from './market.ts';

/** What is plugged into the graph's ends; a lane is nothing but a choice of these. */
export interface Ports {
  readonly frame$: Observable<Frame>;
  readonly clock: TapeScheduler;
  readonly settings: Settings;
  readonly forecaster: Forecaster;
  readonly openGateway: OpenGateway;
}

/** Everything the graph says, in the order in which it came to be. */
export type Audit =
  | VenueState
  | IndexValue
  | TickerComparison
  | MinuteClosed
  | FeatureRow
  | TickRow
  | Forecast
  | FeedSilence
  | Late<unknown>
  | DeskOutput;

const warmUpMinutes = Math.max(...barFeatures.map((feature) => feature.warmUpMinutes));

/** What the desk takes from the market. */
const DESK_HEARS = [
  'contractBook',
  'contractTicker',
  'contract',
  'spotTrade',
  'indexPrint',
  'krakenBookChecked',
  'heartbeat',
  'venueStatus',
  'gap',
  'outcome',
  'command',
] as const;

/** What is told of the market; prices and feeds are told by what is made of them. */
const AUDITED = [
  'rejected',
  'gap',
  'acknowledgement',
  'venueStatus',
  'session',
  'outcome',
  'command',
  'connection',
  'clock',
  'recovered',
  'spotTrade',
  'krakenBookChecked',
  'spotTop',
  'contractBook',
  'contract',
  'contractTrade',
] as const;

const sampleOf = ({ at, value }: IndexValue): PriceSample => ({ at, price: value });

const breaksTheFeed = ({ cause }: Gap): boolean => cause === 'session' || cause === 'disconnect';

const secondPrice = ({ at, receivedAt, bar }: BarClosed): SecondPrice => ({
  kind: 'second',
  at,
  receivedAt,
  price: bar.close,
});

const silenceOf =
  (feed: string) =>
  (staleness: Staleness): FeedSilence => ({
    kind: 'feedSilence',
    at: staleness.at,
    feed,
    silent: staleness.kind === 'stale',
    since: staleness.since,
  });

/** Frames in, decisions and everything that led to them out: the diagram of ARCHITECTURE.md, arrow by arrow. */
export function graph({ frame$, clock, settings, forecaster, openGateway }: Ports): Observable<Audit> {
  return frame$.pipe(
    venueState(settings),
    connectByKind((of) => {
      const index$ = of('indexPrint', 'spotTrade', 'spotTop', 'krakenOhlc', 'gap').pipe(
        indexTwin(settings.pricing.twin),
        share(),
      );
      const second$ = merge(index$.pipe(map(sampleOf)), of('gap').pipe(filter(breaksTheFeed))).pipe(
        bars({ spanMicros: SECOND, clock, graceMicros: SECOND, emptyLimit: 5 }),
        share(),
      );
      const minute$ = of('krakenOhlc', 'session', 'gap').pipe(
        minuteBars({ clock, symbol: settings.kraken.symbol }),
        share(),
      );
      const row$ = minute$.pipe(featureRows(), share());
      const forecast$ = merge(
        row$.pipe(forecaster.forecasts(clock)),
        second$.pipe(ofKind('bar'), map(secondPrice)),
      ).pipe(nowcasts(settings.forecast), share());

      const market$ = of('contractBook', 'contractTicker', 'contractTrade', 'contract', 'gap');
      const decided$ = merge(of(...DESK_HEARS), index$, row$, forecast$).pipe(
        core(
          clock,
          () => desk({ ...settings, warmUpMinutes }, () => clock.at),
          () => openGateway(clock, market$),
        ),
      );

      const comparison$ = of('contractBook', 'contractTicker').pipe(tickerAudit());
      const watch = (feed: string, spanMicros: Micros) =>
        pipe(stale({ spanMicros, clock }), map(silenceOf(feed)));
      const silence$ = merge(
        of('krakenBookChecked').pipe(watch('krakenBook', settings.risk.krakenBookMaxAgeMicros)),
        of('contractBook', 'contractTicker').pipe(watch('kalshi', settings.risk.kalshiMaxAgeMicros)),
        of('indexPrint').pipe(watch('index', settings.risk.indexMaxAgeMicros)),
      );
      const indexEachSecond$ = index$.pipe(conflate({ clock, everyMicros: SECOND, key: () => 'index' }));

      const late$ = merge(second$, minute$).pipe(ofKind('late'));

      const closed$ = minute$.pipe(ofKind('minute'));
      const tickRow$ = merge(
        of('krakenBookChecked', 'spotTrade', 'contractBook', 'contract', 'gap'),
        index$,
      ).pipe(tickRows({ clock, symbol: settings.kraken.symbol }));

      return merge(
        of(...AUDITED),
        closed$,
        row$,
        tickRow$,
        indexEachSecond$,
        forecast$,
        decided$,
        comparison$,
        silence$,
        late$,
      );
    }),
  );
}
