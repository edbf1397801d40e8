import type { ContractTop } from '../../src/domain/events/market.ts';
import { cash, count, priceTicks } from '../../src/domain/money.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import type { ProposalAccount } from '../../src/portfolio/proposal-account.ts';
import type { CheckContext } from '../../src/risk/context.ts';
import { riskSettings } from '../../src/risk/settings.ts';
import { CLOSE_AT, contractOf } from '../portfolio/samples.ts';
import { minutesOf } from '../support/variance-paths.ts';

export const NOW = CLOSE_AT - 10 * MINUTE;

export const bookOf = (top: Partial<ContractTop> = {}): ContractTop => ({
  ticker: 'KXBTCD-A',
  live: true,
  bidTicks: priceTicks(4_800),
  askTicks: priceTicks(5_000),
  bidCount: count(2_000),
  askCount: count(2_000),
  crossed: false,
  ...top,
});

export const accountOf = (view: Partial<ProposalAccount> = {}): ProposalAccount => ({
  available: cash(1_000_000),
  cost: 50_000,
  positionIfFilled: 1_000,
  worstOfClose: () => -50_000,
  worstOfAll: () => -60_000,
  lowersWorst: () => false,
  dayPnl: 0,
  differences: 0,
  ordersOpen: 0,
  ordersInTheWay: 0,
  lastOrderAt: undefined,
  ordersWithin: (spanMicros) => (Number.isNaN(spanMicros) ? Number.NaN : 0),
  ...view,
});

/** A context that every check passes. */
export const contextOf = (changes: Partial<CheckContext> = {}): CheckContext => ({
  now: NOW,
  proposal: {
    ticker: 'KXBTCD-A',
    side: 'bid',
    limitTicks: priceTicks(5_000),
    count: count(1_000),
    modelProbability: 0.58,
    probability: 0.56,
    probabilityError: 0.02,
    edgeDollars: 0.0425,
    feeDollars: 0.0175,
  },
  contract: contractOf(),
  contractState: 'active',
  book: bookOf(),
  bookReceivedAt: NOW - SECOND,
  index: {
    kind: 'index',
    asset: 'BTC',
    at: NOW,
    receivedAt: NOW,
    value: 80_000,
    source: 'prints',
    variance: 0,
  },
  support: { sources: 2, venues: 1, distance: 1, band: 10, far: 0, farNames: '' },
  indexDisputed: false,
  forecast: {
    kind: 'forecast',
    asset: 'BTC',
    at: NOW - 30 * SECOND,
    receivedAt: NOW - 30 * SECOND,
    model: 'backbone',
    horizons: [{ minutes: 15, logVariance: -12 }],
    path: minutesOf(NOW, 180, () => 1e-8, CLOSE_AT),
    tails: [{ seconds: 60, nu: 4, scale: 0.7 }],
    annualisedVolatility: 0.5,
  },
  feeds: (['krakenBook', 'kraken', 'kalshi', 'index'] as const).map((feed) => ({
    feed,
    required: true,
    receivedAt: NOW - SECOND,
  })),
  clockOffsetMicros: 0,
  mode: 'armed',
  exchangeTrading: true,
  warmMinutes: 600,
  requiredWarmMinutes: 512,
  directIndex: false,
  account: accountOf(),
  limits: riskSettings.parse({}),
  ...changes,
});
