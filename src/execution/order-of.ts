import type { Decision } from '../domain/events/decision.ts';
import type { Order } from '../domain/events/order.ts';
import { type Cash, cash, contractsOf, DOLLAR_TICKS } from '../domain/money.ts';
import { type Micros, SECOND } from '../domain/time.ts';

/**
 * The order of an approved decision: immediate or cancel, at the proposed price. Its id is made of the run's first instant and the decision's
 * number, so a replay sends the same and no two runs share one.
 */
export const orderOf = ({ id, at, proposal }: Decision, startedAt: Micros): Order => ({
  clientOrderId: `v${Math.floor(startedAt / SECOND).toString(36)}-${id}`,
  decisionId: id,
  ticker: proposal.ticker,
  side: proposal.side,
  limitTicks: proposal.limitTicks,
  count: proposal.count,
  timeInForce: 'ioc',
  postOnly: false,
  at,
});

/** The most that an order may cost in fees: one more than the fee as a float says, so that no rounding of it can undercut what is reserved. */
export const feeBoundOf = ({ feeDollars, count }: Decision['proposal']): Cash =>
  cash(Math.ceil(feeDollars * contractsOf(count) * DOLLAR_TICKS) + 1);
