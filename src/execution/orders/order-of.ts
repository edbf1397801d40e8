import type { Contract } from '../../domain/contracts.ts';
import type { Approved, Proposal } from '../../domain/events/decision.ts';
import type { ContractTop } from '../../domain/events/market.ts';
import type { ApprovedOrder, Order } from '../../domain/events/order.ts';
import {
  type Cash,
  type Count,
  cash,
  contractsOf,
  count,
  DOLLAR_TICKS,
  MICRO_DOLLARS,
} from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import { type Membership, takerFee } from '../../venues/kalshi/fees.ts';

/**
 * Two cents a contract: more than any rate of Kalshi's takes at its worst price. In $0.0001 for 0.01
 * contracts.
 */
const HIGHEST_FEE_TICKS = 2;

/**
 * The order of an approved decision: immediate or cancel, at the proposed price. Orders are made in this file
 * and nowhere else. The id comes from the run's first microsecond and the decision's number, so a replay sends
 * the same order and two runs never share an id. It holds letters, digits and a dash only, since the venue
 * refuses a full stop.
 */
export const orderOf = (
  { id, at, proposal }: Approved,
  startedAt: Micros,
  exchangeIndex: number | undefined,
): ApprovedOrder => {
  const order: Order = {
    clientOrderId: `v${startedAt.toString(36)}-${id}`,
    decisionId: id,
    ticker: proposal.ticker,
    exchangeIndex,
    side: proposal.side,
    limitTicks: proposal.limitTicks,
    count: proposal.count,
    timeInForce: 'ioc',
    postOnly: false,
    reduceOnly: false,
    at,
  };
  return order as ApprovedOrder;
};

/**
 * The resting order of an approved decision: post-only, at the proposed price, and ended by the venue at
 * `expiresAt` unless it is renewed before. Its id is that of `orderOf`.
 */
export const restingOrderOf = (
  decision: Approved,
  startedAt: Micros,
  exchangeIndex: number | undefined,
  expiresAt: Micros,
): ApprovedOrder => {
  const order: Order = {
    ...orderOf(decision, startedAt, exchangeIndex),
    timeInForce: 'gtc',
    postOnly: true,
    expiresAt,
  };
  return order as ApprovedOrder;
};

const RENEWED = /^(.+)-r(\d+)$/;

/**
 * A resting order that has ended, once more with what remained of it; undefined if nothing did. Its id is the
 * next of the same decision (`…-r1`, `…-r2`), so no id is used twice and a replay sends the same.
 */
export const renewedOrder = (
  ended: ApprovedOrder,
  {
    remaining,
    at,
    expiresAt,
  }: { readonly remaining: Count; readonly at: Micros; readonly expiresAt: Micros },
): ApprovedOrder | undefined => {
  if (!(remaining > 0)) return undefined;
  const [, first = ended.clientOrderId, times = '0'] = RENEWED.exec(ended.clientOrderId) ?? [];
  const order: Order = {
    ...ended,
    clientOrderId: `${first}-r${Number(times) + 1}`,
    count: remaining,
    at,
    expiresAt,
  };
  return order as ApprovedOrder;
};

/**
 * The order by which an operator closes a position: immediate or cancel, at the best price shown, and only to
 * reduce. Undefined if nobody shows a price on that side. `number` makes its id unique in the run.
 */
export function closingOrder(
  { ticker, position }: { readonly ticker: string; readonly position: Count },
  { bidTicks, askTicks }: Pick<ContractTop, 'bidTicks' | 'askTicks'>,
  number: number,
  startedAt: Micros,
  exchangeIndex: number | undefined,
  at: Micros,
): ApprovedOrder | undefined {
  const sells = position > 0;
  const limitTicks = sells ? bidTicks : askTicks;
  if (limitTicks === undefined || position === 0) return undefined;
  const order: Order = {
    clientOrderId: `v${startedAt.toString(36)}-x${number}`,
    decisionId: 0,
    ticker,
    exchangeIndex,
    side: sells ? 'ask' : 'bid',
    limitTicks,
    count: count(Math.abs(position)),
    timeInForce: 'ioc',
    postOnly: false,
    reduceOnly: true,
    at,
  };
  return order as ApprovedOrder;
}

/**
 * The most that an order of the operator may cost in fees; a contract with unknown terms counts with the
 * highest rate.
 */
export const feeBoundAt = (
  { fee }: Contract,
  { side, limitTicks, count: size }: Order,
  member: Membership,
): Cash =>
  cash(
    fee === undefined
      ? Math.ceil(size * HIGHEST_FEE_TICKS)
      : Math.ceil(takerFee(fee, side, limitTicks, size, member) / (MICRO_DOLLARS / DOLLAR_TICKS)) + 1,
  );

/**
 * The most that an order may cost in fees: its fee rounded up, plus one unit, so that no rounding of the
 * float reserves too little.
 */
export const feeBoundOf = ({ feeDollars, count }: Proposal): Cash =>
  cash(Math.ceil(feeDollars * contractsOf(count) * DOLLAR_TICKS) + 1);
