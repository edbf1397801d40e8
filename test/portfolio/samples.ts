import type { Contract } from '../../src/domain/contracts.ts';
import type { Fill, Order } from '../../src/domain/events/order.ts';
import { cash, count, microDollars, priceTicks } from '../../src/domain/money.ts';
import { HOUR } from '../../src/domain/time.ts';

/** A close at a whole hour in May 2026. */
export const CLOSE_AT = 1_778_504_400_000_000;

export const contractOf = (terms: Partial<Contract> = {}): Contract => ({
  ticker: 'KXBTCD-A',
  series: 'KXBTCD',
  asset: 'BTC',
  indexDecimals: 2,
  event: 'KXBTCD',
  strikeType: 'greater',
  floorUnits: 8_000_099,
  capUnits: undefined,
  openAt: CLOSE_AT - HOUR,
  closeAt: CLOSE_AT,
  tickBands: [{ startTicks: priceTicks(0), endTicks: priceTicks(10_000), stepTicks: priceTicks(100) }],
  exchangeIndex: 2,
  fee: { kind: 'quadratic', multiplier: 1 },
  ...terms,
});

export const orderOf = (
  terms: Partial<Omit<Order, 'limitTicks' | 'count'>> & { limitTicks?: number; count?: number } = {},
): Order => ({
  clientOrderId: 'o1',
  decisionId: 1,
  ticker: 'KXBTCD-A',
  exchangeIndex: 2,
  side: 'bid',
  timeInForce: 'ioc',
  postOnly: false,
  reduceOnly: false,
  at: CLOSE_AT - HOUR / 2,
  ...terms,
  limitTicks: priceTicks(terms.limitTicks ?? 4_000),
  count: count(terms.count ?? 100),
});

/** A fill without netting: a bid pays p·C, an ask (1−p)·C, rounded down to $0.0001, and `feeCash` beside. */
export const fillOf = (
  order: Order,
  terms: {
    readonly id?: string;
    readonly count?: number;
    readonly feeCash?: number;
    readonly at?: number;
  } = {},
): Fill => {
  const filled = terms.count ?? order.count;
  const price = order.side === 'bid' ? order.limitTicks : 10_000 - order.limitTicks;
  const fee = terms.feeCash ?? 0;
  return {
    kind: 'fill',
    clientOrderId: order.clientOrderId,
    ticker: order.ticker,
    at: terms.at ?? order.at,
    fillId: terms.id ?? `${order.clientOrderId}-fill`,
    side: order.side,
    priceTicks: order.limitTicks,
    count: count(filled),
    taker: true,
    fee: microDollars(fee * 100),
    cash: cash(Math.floor((-price * filled) / 100) - fee),
  };
};
