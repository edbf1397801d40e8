import type { AccountChanged, OrderSent } from '../domain/events/account.ts';
import type { Decision } from '../domain/events/decision.ts';
import type { FeedLacking, FeedSilence } from '../domain/events/feed.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import type {
  ContractBookChanged,
  ContractChanged,
  IndexValue,
  KrakenBookChecked,
  SpotTop,
} from '../domain/events/market.ts';
import type { Fill, GatewayEvent, Settlement } from '../domain/events/order.ts';
import type { Gap, Recovered, VenueEvent } from '../domain/events/venue.ts';
import type { Frame, RestFrame, TickFrame } from '../domain/frame.ts';
import { MILLISECOND, SECOND } from '../domain/time.ts';
import type { FeatureRow } from '../features/feature-row.ts';
import { tickSet } from '../features/tick-features.ts';
import type { TickRow } from '../features/tick-row.ts';
import type { Late } from '../operators/late.ts';
import type { MinuteClosed } from '../operators/minute-bars.ts';
import type { TickerComparison } from '../venues/kalshi/ticker-audit.ts';
import { decisionPoints } from './decision-points.ts';
import { forecastPoints } from './forecast-points.ts';
import type { Point } from './point.ts';
import { type Catalogue, point, seriesOf } from './typed-point.ts';

/** Whatever the graph says. */
export type TelemetryEvent =
  | VenueEvent
  | Gap
  | Recovered
  | Exclude<Frame, RestFrame | TickFrame>
  | KrakenBookChecked
  | SpotTop
  | ContractBookChanged
  | ContractChanged
  | IndexValue
  | TickerComparison
  | MinuteClosed
  | FeatureRow
  | TickRow
  | Forecast
  | Decision
  | OrderSent
  | GatewayEvent
  | Settlement
  | AccountChanged
  | FeedLacking
  | FeedSilence
  | Late<unknown>;

const NONE: readonly Point[] = [];
const BASIS_POINTS = 1e4;

/** The points of an event, stamped with its own time; none for the market data that only tapes keep. Names and units: `measurements`. */
export function pointsOf(event: TelemetryEvent): readonly Point[] {
  switch (event.kind) {
    case 'forecast':
      return forecastPoints(event);
    case 'index':
      return point(
        'index',
        event.at,
        { source: event.source },
        {
          valueDollars: event.value,
          errorBasisPoints: Math.sqrt(event.variance) * BASIS_POINTS,
        },
      );
    case 'decision':
      return decisionPoints(event);
    case 'orderSent': {
      const { clientOrderId, ticker, side, limitTicks, count } = event.order;
      return point(
        'order',
        event.at,
        { series: seriesOf(ticker), state: 'sent' },
        {
          clientOrderId,
          ticker,
          side,
          limitTicks,
          count,
        },
      );
    }
    case 'orderResting':
      return orderPoint(event, 'resting', { count: event.remaining });
    case 'orderDone':
      return orderPoint(event, event.state, { count: event.filled });
    case 'orderRejected':
      return orderPoint(event, 'rejected', { why: event.why });
    case 'fill':
      return fillPoint(event);
    case 'settlement': {
      const { ticker, result, source, valueUnits, position, cash, pnl } = event;
      return point(
        'settlement',
        event.at,
        { series: seriesOf(ticker), result, source },
        {
          ticker,
          valueUnits,
          position,
          cash,
          pnl,
        },
      );
    }
    case 'tickRow':
      return point('tick', event.at, {}, tickFields(event));
    case 'account': {
      const { kind: _, at, ...fields } = event;
      return point('account', at, {}, fields);
    }
    case 'venueStatus':
      return point(
        'venueStatus',
        event.receivedAt,
        { venue: event.venue },
        {
          trading: event.trading,
          detail: event.detail,
        },
      );
    case 'gap':
      return point(
        'gap',
        event.receivedAt,
        { venue: event.venue, cause: event.cause },
        {
          scope: event.scope,
          detail: event.detail,
        },
      );
    case 'connection':
      return point(
        'connection',
        event.at,
        { venue: event.venue, change: event.change },
        { detail: event.detail },
      );
    case 'clock':
      return point(
        'clock',
        event.at,
        { venue: event.venue },
        {
          offsetMs: event.offsetMicros / MILLISECOND,
          roundTripMs: event.roundTripMicros / MILLISECOND,
        },
      );
    case 'rejected':
      return point('rejected', event.receivedAt, { venue: event.venue }, { why: event.why });
    case 'feedSilence': {
      const { at, feed, silent, since } = event;
      return point('feedSilence', at, { feed }, { silent, heardSecondsAgo: (at - since) / SECOND });
    }
    case 'feedLacking':
      return point('feedLacking', event.at, { feed: event.feed }, { told: true });
    default:
      return NONE;
  }
}

// That the names are the catalogue's is a test's.
const tickFields = ({
  values,
}: TickRow): Readonly<Partial<Record<keyof Catalogue['tick']['fields'], number>>> =>
  Object.fromEntries(tickSet.map(({ name }, i) => [name, values[i]]));

const orderPoint = (
  { at, ticker, clientOrderId }: GatewayEvent,
  state: string,
  fields: { readonly count?: number; readonly why?: string },
): readonly Point[] =>
  point('order', at, { series: seriesOf(ticker), state }, { clientOrderId, ticker, ...fields });

const fillPoint = ({
  at,
  ticker,
  side,
  taker,
  fillId,
  clientOrderId,
  priceTicks,
  count,
  fee,
  cash,
}: Fill): readonly Point[] =>
  point(
    'fill',
    at,
    { series: seriesOf(ticker), side, liquidity: taker ? 'taker' : 'maker' },
    {
      fillId,
      clientOrderId,
      ticker,
      priceTicks,
      count,
      feeMicroDollars: fee,
      cash,
    },
  );
