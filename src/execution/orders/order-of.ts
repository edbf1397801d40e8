import type { Approved, Proposal } from '../../domain/events/decision.ts';
import type { ApprovedOrder, Order } from '../../domain/events/order.ts';
import { type Cash, cash, contractsOf, DOLLAR_TICKS } from '../../domain/money.ts';
import { type Micros, SECOND } from '../../domain/time.ts';

/**
 * The order of an approved decision: immediate or cancel, at the proposed price. Orders are made nowhere
 * else. The id comes from the run's first instant and the decision's number, so a replay sends the same
 * order.
 */
export const orderOf = ({ id, at, proposal }: Approved, startedAt: Micros): ApprovedOrder => {
  const order: Order = {
    clientOrderId: `v${Math.floor(startedAt / SECOND).toString(36)}-${id}`,
    decisionId: id,
    ticker: proposal.ticker,
    side: proposal.side,
    limitTicks: proposal.limitTicks,
    count: proposal.count,
    timeInForce: 'ioc',
    postOnly: false,
    at,
  };
  return order as ApprovedOrder;
};

/**
 * The most that an order may cost in fees: its fee rounded up, plus one unit, so that no rounding of the
 * float reserves too little.
 */
export const feeBoundOf = ({ feeDollars, count }: Proposal): Cash =>
  cash(Math.ceil(feeDollars * contractsOf(count) * DOLLAR_TICKS) + 1);
