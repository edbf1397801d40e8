import type { AccountChanged, OrderSent } from '../../src/domain/events/account.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Decision } from '../../src/domain/events/decision.ts';
import type { TickRow } from '../../src/domain/events/features.ts';
import type { FeedLacking, FeedSilence } from '../../src/domain/events/feed.ts';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import type { IndexValue } from '../../src/domain/events/market.ts';
import type { ApprovedOrder, Fill, GatewayEvent, Settlement } from '../../src/domain/events/order.ts';
import type { Gap, Rejected, VenueStatus } from '../../src/domain/events/venue.ts';
import { cash, count, microDollars, priceTicks } from '../../src/domain/money.ts';
import { type Micros, SECOND } from '../../src/domain/time.ts';
import { tickSet } from '../../src/features/sets/tick-set.ts';
import { minutesOf } from '../support/variance-paths.ts';

const TICKER = 'KXBTC15M-26MAY131915-15';

/** A decision on a quarter-hour contract, refused by `failing`. */
export const decisionAt = (at: Micros, failing: readonly string[]): Decision => ({
  kind: 'decision',
  verdict: failing.length === 0 ? 'approved' : 'abstained',
  id: 7,
  at,
  ticker: TICKER,
  model: 'ensemble',
  bidTicks: priceTicks(4200),
  askTicks: failing.length === 0 ? priceTicks(4300) : undefined,
  market: {
    indexDollars: 80_123.45,
    volatilityPerYear: 0.41,
    volatilityLowPerYear: 0.29,
    volatilityHighPerYear: 0.58,
    confidence: 0.72,
  },
  proposal: {
    ticker: TICKER,
    side: 'bid',
    limitTicks: priceTicks(4300),
    count: count(1000),
    modelProbability: 0.51,
    probability: 0.47,
    probabilityError: 0.02,
    edgeDollars: 0.031,
    feeDollars: 0.0172,
  },
  findings: [
    { check: 'edge', observed: 0.01, limit: 0.02, headroom: -0.01 },
    { check: 'spread', observed: 100, limit: 500, headroom: 400 },
    { check: 'warm', observed: null, limit: 512, headroom: null },
  ],
  failing,
  wouldChange: undefined,
  inputs: '00000000',
});

const forecast = (at: Micros): Forecast => ({
  kind: 'forecast',
  asset: 'BTC',
  at,
  receivedAt: at,
  model: 'backbone',
  horizons: [
    { minutes: 5, logVariance: Math.log(5e-7) },
    {
      minutes: 60,
      logVariance: Math.log(6e-6),
      lowLogVariance: Math.log(2e-6),
      highLogVariance: Math.log(8e-6),
    },
  ],
  path: minutesOf(at, 180, () => 0, at),
  tails: [{ seconds: 60, nu: 4, scale: 1 }],
  annualisedVolatility: 0.23,
});

/** One event of each kind that telemetry writes, at `at`. */
export function sampleEvents(at: Micros): readonly AuditEvent[] {
  const stamped = { at, receivedAt: at };
  const ordered = { clientOrderId: 'v-1', ticker: TICKER, at };
  const index: IndexValue = {
    kind: 'index',
    asset: 'BTC',
    ...stamped,
    value: 79_353.27,
    source: 'prints',
    variance: 4e-8,
  };
  const sent: OrderSent = {
    kind: 'orderSent',
    at,
    order: {
      clientOrderId: 'v-1',
      decisionId: 7,
      ticker: TICKER,
      side: 'bid',
      limitTicks: priceTicks(4300),
      count: count(1000),
      timeInForce: 'ioc',
      postOnly: false,
      at,
    } as ApprovedOrder,
  };
  const tickRow: TickRow = {
    kind: 'tickRow',
    asset: 'BTC',
    ...stamped,
    values: tickSet.map((_, i) => (i === 2 ? null : (i + 1) / 8)),
  };
  const fill: Fill = {
    kind: 'fill',
    ...ordered,
    fillId: 'f-1',
    side: 'bid',
    priceTicks: priceTicks(4250),
    count: count(600),
    taker: true,
    fee: microDollars(102_637),
    cash: cash(-26_527),
  };
  const answers: readonly GatewayEvent[] = [
    { kind: 'orderSubmitted', ...ordered },
    { kind: 'orderUnknown', ...ordered, why: 'timed out' },
    { kind: 'orderResting', ...ordered, remaining: count(400) },
    { kind: 'orderDone', ...ordered, state: 'cancelled', filled: count(600) },
    { kind: 'orderRejected', ...ordered, why: 'insufficient balance' },
    fill,
  ];
  const settlement: Settlement = {
    kind: 'settlement',
    ticker: TICKER,
    at,
    result: 'no',
    valueUnits: 7_935_327,
    valueDollars: 79_353.27,
    source: 'index',
    position: count(600),
    cash: cash(0),
    pnl: cash(-26_527),
  };
  const account: AccountChanged = {
    kind: 'account',
    at,
    cashDollars: 997.3473,
    reservedDollars: 1.72,
    realisedDollars: -2.6527,
    feesDollars: 0.1027,
    dayDollars: 0,
    equityDollars: 0,
    worstDollars: -4.3,
    openPositions: 1,
    openOrders: 2,
  };
  const status: VenueStatus = {
    kind: 'venueStatus',
    ...stamped,
    venue: 'kraken',
    trading: true,
    detail: 'online',
  };
  const gap: Gap = {
    kind: 'gap',
    ...stamped,
    venue: 'kalshi',
    cause: 'sequence',
    scope: TICKER,
    detail: '5 after 3',
  };
  const rejected: Rejected = {
    kind: 'rejected',
    ...stamped,
    venue: 'coinbase',
    why: 'not JSON',
    excerpt: '{',
  };
  const lacking: FeedLacking = { kind: 'feedLacking', at, asset: 'BTC', feed: 'kalshi cfbenchmarks' };
  const silence: FeedSilence = {
    kind: 'feedSilence',
    at,
    asset: 'BTC',
    feed: 'kalshi',
    silent: true,
    since: at - 12 * SECOND,
  };
  return [
    forecast(at),
    index,
    tickRow,
    { ...index, source: 'twin', at: at + SECOND },
    decisionAt(at, []),
    decisionAt(at + SECOND, ['edge', 'warm']),
    sent,
    ...answers,
    settlement,
    account,
    status,
    gap,
    rejected,
    { kind: 'connection', at, venue: 'kraken', change: 'resyncing', detail: 'checksum' },
    { kind: 'clock', at, venue: 'kraken', offsetMicros: 12_000, roundTripMicros: 40_000 },
    silence,
    lacking,
    {
      kind: 'priceDoubt',
      ...stamped,
      asset: 'BTC',
      source: 'index',
      state: 'held',
      value: 0.01,
      why: 'BRTI print of 0.01: held',
    },
    {
      kind: 'ladder',
      at,
      asset: 'BTC',
      closeAt: at + 1,
      strikes: 12,
      volatility: 0.42,
      volatilityLow: 0.4,
      volatilityHigh: 0.44,
      forecastVolatility: 0.39,
      skew: -0.1,
      skewLow: -0.2,
      skewHigh: 0.01,
      depthImbalance: 0.25,
      agrees: true,
    },
    {
      kind: 'bundle',
      at,
      asset: 'BTC',
      closeAt: at + 1,
      state: 'gone',
      lastedMicros: 70_000,
      legs: [
        { ticker: TICKER, side: 'bid', limitTicks: priceTicks(4_000) },
        { ticker: TICKER, side: 'ask', limitTicks: priceTicks(5_000) },
      ],
      count: count(400),
      costDollars: 3.73,
      payoffDollars: 4,
      findings: [],
      failing: [],
    },
    {
      kind: 'divergence',
      at,
      ticker: TICKER,
      clientOrderId: 'v1-1',
      paper: { filled: count(100), averageDollars: 0.42, feeDollars: 0.0171, tookMicros: 250_000 },
      venue: { filled: count(50), averageDollars: 0.43, feeDollars: 0.0086, tookMicros: 90_000 },
    },
    {
      kind: 'difference',
      at,
      ticker: TICKER,
      clientOrderId: 'v-1',
      about: 'fill',
      entered: false,
      why: 'fill f-2 has count 0',
    },
  ];
}
