import { map, merge, type Observable, share } from 'rxjs';
import type { Settings } from '../src/config/settings.ts';
import type { Forecast } from '../src/domain/events/forecast.ts';
import type {
  ContractBookChanged,
  ContractChanged,
  IndexValue,
  SpotTop,
} from '../src/domain/events/market.ts';
import type { Frame } from '../src/domain/frame.ts';
import { desk } from '../src/execution/desk.ts';
import type { DeskOutput } from '../src/execution/desk-events.ts';
import type { OpenGateway } from '../src/execution/gateway.ts';
import { barFeatures } from '../src/features/bar-features.ts';
import { featureRows } from '../src/features/feature-rows.ts';
import type { Backbone } from '../src/forecast/backbone.ts';
import { backboneForecasts } from '../src/forecast/forecaster.ts';
import { nowcasts, type SecondPrice } from '../src/forecast/nowcasts.ts';
import { connectByKind } from '../src/operators/connect-by-kind.ts';
import { core } from '../src/operators/core.ts';
import { type Decoded, decode } from '../src/operators/decode.ts';
import { minuteBars } from '../src/operators/minute-bars.ts';
import { ofKind } from '../src/operators/of-kind.ts';
import type { TapeScheduler } from '../src/operators/tape-scheduler.ts';
import { indexTwin } from '../src/pricing/index-twin.ts';
import { decodeCoinbase } from '../src/venues/coinbase/codec.ts';
import { kalshiBooks } from '../src/venues/kalshi/books.ts';
import { kalshiDecoder } from '../src/venues/kalshi/codec.ts';
import { contracts } from '../src/venues/kalshi/contracts.ts';
import { type TickerComparison, tickerAudit } from '../src/venues/kalshi/ticker-audit.ts';
import type { KrakenBookChecked } from '../src/venues/kraken/book-checked.ts';
import { krakenBooks } from '../src/venues/kraken/books.ts';
import { decodeKraken } from '../src/venues/kraken/codec.ts';
import { krakenTrades } from '../src/venues/kraken/trades.ts';

/** What is plugged into the graph's ends; a lane is nothing but a choice of these. */
export interface Ports {
  readonly frame$: Observable<Frame>;
  readonly clock: TapeScheduler;
  readonly settings: Settings;
  readonly backbone: Backbone;
  readonly openGateway: OpenGateway;
}

/** Everything the graph says, in the order in which it came to be. */
export type Audit =
  | Decoded
  | KrakenBookChecked
  | SpotTop
  | ContractBookChanged
  | ContractChanged
  | IndexValue
  | TickerComparison
  | Forecast
  | DeskOutput;

const warmUpMinutes = Math.max(...barFeatures.map((feature) => feature.warmUpMinutes));

/** Frames that take sequence numbers of a Kalshi subscription, or void one. */
const KALSHI_SEQUENCED = [
  'contractDelta',
  'contractSnapshot',
  'contractTrade',
  'contractLifecycle',
  'indexPrint',
  'acknowledgement',
] as const;

/** What the desk takes from the feeds as they are. */
const DESK_HEARS = [
  'krakenBook',
  'spotTrade',
  'heartbeat',
  'contractTicker',
  'indexPrint',
  'venueStatus',
  'session',
  'outcome',
  'command',
] as const;

/** What is told of the feeds themselves; books, contracts and prices are told by what is made of them. */
const AUDITED = [
  'rejected',
  'gap',
  'acknowledgement',
  'venueStatus',
  'session',
  'outcome',
  'command',
  'spotTrade',
  'contractDelta',
  'contractTrade',
] as const;

const secondPrice = ({ at, receivedAt, value }: IndexValue): SecondPrice => ({
  kind: 'second',
  at,
  receivedAt,
  price: value,
});

/** Frames in, decisions and everything that led to them out: the diagram of ARCHITECTURE.md, arrow by arrow. */
export function graph({ frame$, clock, settings, backbone, openGateway }: Ports): Observable<Audit> {
  const codecs = () => ({
    kraken: decodeKraken,
    coinbase: decodeCoinbase,
    kalshi: kalshiDecoder(settings.kalshi),
  });
  return frame$.pipe(
    decode(codecs),
    krakenTrades(),
    connectByKind((of) => {
      const krakenBook$ = of('krakenBook', 'krakenInstrument', 'gap').pipe(
        krakenBooks({ depth: settings.kraken.bookDepth }),
        share(),
      );
      const book$ = of(...KALSHI_SEQUENCED, 'gap').pipe(kalshiBooks(), share());
      const contract$ = of('contractLifecycle', 'gap').pipe(contracts(settings.kalshi), share());
      const index$ = merge(
        of('indexPrint', 'spotTrade', 'krakenOhlc', 'gap'),
        krakenBook$.pipe(ofKind('spotTop', 'gap')),
      ).pipe(indexTwin(settings.pricing.twin), share());
      const minute$ = of('krakenOhlc', 'session', 'gap').pipe(
        minuteBars({ clock, symbol: settings.kraken.symbol }),
      );
      const row$ = minute$.pipe(featureRows(), share());
      const second$ = index$.pipe(map(secondPrice));
      const forecast$ = merge(row$.pipe(backboneForecasts(backbone)), second$).pipe(
        nowcasts(settings.forecast),
        share(),
      );
      const comparison$ = merge(book$, of('contractTicker')).pipe(tickerAudit());

      const market$ = merge(of('contractTicker', 'contractTrade', 'gap'), book$, contract$);
      const decided$ = merge(of(...DESK_HEARS), book$, contract$, index$, row$, forecast$).pipe(
        core(
          clock,
          () => desk({ ...settings, warmUpMinutes }, () => clock.at),
          () => openGateway(clock, market$),
        ),
      );
      return merge(of(...AUDITED), krakenBook$, book$, contract$, index$, forecast$, comparison$, decided$);
    }),
  );
}
