import type { AuditEvent } from '../domain/events/audit.ts';
import type { TickRow } from '../domain/events/features.ts';
import type { Fill, GatewayEvent } from '../domain/events/order.ts';
import { MILLISECOND, SECOND } from '../domain/time.ts';
import { tickSet } from '../features/sets/tick-set.ts';
import { decisionPoints } from './decision-points.ts';
import { forecastPoints } from './forecast-points.ts';
import type { Point } from './point.ts';
import { type Catalogue, point, seriesOf } from './typed-point.ts';

const NONE: readonly Point[] = [];
const BASIS_POINTS = 1e4;

/**
 * The points of an event, at the event's own time. Market data that only tapes keep gives none. Names and
 * units are in `measurements`.
 */
export function pointsOf(event: AuditEvent): readonly Point[] {
  switch (event.kind) {
    case 'forecast':
      return forecastPoints(event);
    case 'index':
      return point(
        'index',
        event.at,
        { asset: event.asset, source: event.source },
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
      const { ticker, result, source, valueDollars, position, cash, pnl } = event;
      return point(
        'settlement',
        event.at,
        { series: seriesOf(ticker), result, source },
        {
          ticker,
          valueDollars,
          position,
          cash,
          pnl,
        },
      );
    }
    case 'tickRow':
      return point('tick', event.at, { asset: event.asset }, tickFields(event));
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
      const { at, asset, feed, silent, since } = event;
      return point('feedSilence', at, { asset, feed }, { silent, heardSecondsAgo: (at - since) / SECOND });
    }
    case 'feedLacking':
      return point('feedLacking', event.at, { asset: event.asset, feed: event.feed }, { told: true });
    case 'priceDoubt': {
      const { receivedAt, asset, source, state, value, why } = event;
      return point('priceDoubt', receivedAt, { asset, source, state }, { valueDollars: value, why });
    }
    case 'difference': {
      const { at, ticker, about, entered, why } = event;
      return point('difference', at, { series: seriesOf(ticker), about }, { ticker, entered, why });
    }
    case 'divergence': {
      const { at, ticker, clientOrderId, paper, venue } = event;
      return point(
        'divergence',
        at,
        { series: seriesOf(ticker) },
        {
          ticker,
          clientOrderId,
          paperCount: paper.filled,
          venueCount: venue.filled,
          paperDollars: paper.averageDollars ?? undefined,
          venueDollars: venue.averageDollars ?? undefined,
          paperFeeDollars: paper.feeDollars,
          venueFeeDollars: venue.feeDollars,
          paperMs: paper.tookMicros / MILLISECOND,
          venueMs: venue.tookMicros / MILLISECOND,
        },
      );
    }
    case 'ladder': {
      const { kind: _, at, asset, closeAt, ...fields } = event;
      return point('ladder', at, { asset }, { closeAt, ...fields });
    }
    case 'bundle': {
      const { at, asset, state, legs, count, costDollars, payoffDollars, lastedMicros, failing } = event;
      return point(
        'bundle',
        at,
        { asset, state },
        {
          legs: legs.length,
          contracts: legs.map(({ side, ticker }) => `${side} ${ticker}`).join(' '),
          count,
          costDollars,
          payoffDollars,
          lastedMs: lastedMicros / MILLISECOND,
          refusedBy: failing.join(' '),
        },
      );
    }
    case 'command':
      return event.command === 'halt'
        ? point('halt', event.at, { by: haltedBy(event.reason) }, { reason: event.reason })
        : NONE;
    case 'orderSubmitted':
      return orderPoint(event, 'submitted', {});
    case 'orderUnknown':
      return orderPoint(event, 'unknown', { why: event.why });
    case 'acknowledgement':
    case 'cancelAsked':
    case 'cashMoved':
    case 'contract':
    case 'contractBook':
    case 'contractTrade':
    case 'featureRow':
    case 'krakenBookChecked':
    case 'late':
    case 'minute':
    case 'orderGroup':
    case 'outcome':
    case 'recovered':
    case 'session':
    case 'spotTop':
    case 'spotTrade':
    case 'tickerComparison':
    case 'adopted':
    case 'carried':
    case 'venueAsOf':
    case 'venueBalance':
    case 'venueOrders':
    case 'venuePosition':
    case 'venuePositions':
    case 'venueSettlement':
      return NONE;
  }
}

const HALTERS: ReadonlySet<string> = new Set(['operator', 'guard', 'supervisor', 'journal']);

/** Who halted: a live lane's commands begin with it, `the guard: …`; others are the operator's own words. */
const haltedBy = (reason: string): string => {
  const [, by] = /^the (\w+):/.exec(reason) ?? [];
  return by === undefined ? 'operator' : HALTERS.has(by) ? by : 'other';
};

// A test checks that these names are in the catalogue.
const tickFields = ({
  values,
}: TickRow): Readonly<Partial<Record<keyof Catalogue['tick']['fields'], number | null>>> =>
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
