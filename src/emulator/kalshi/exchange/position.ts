import type { FeeTerms } from '../../../domain/contracts.ts';
import {
  type Count,
  count as countOf,
  type MicroDollars,
  microDollars,
  type PriceTicks,
} from '../../../domain/money.ts';
import type { Micros } from '../../../domain/time.ts';
import { feeOfFill, revenueOfFill } from '../../../venues/kalshi/fees.ts';

/** A member's position in one market. Counts in 0.01 contracts, money in $0.000001. */
export interface KalshiPosition {
  /** Signed: YES positive. */
  readonly position: number;
  /** Price paid for the open contracts. */
  readonly cost: number;
  readonly realised: number;
  readonly fees: number;
  /** Price paid for all contracts, closed ones too. */
  readonly traded: number;
  readonly volume: number;
  readonly updatedAt: Micros;
}

/** A fill that is about to be booked. */
export interface AccountFill {
  readonly side: 'bid' | 'ask';
  readonly ticks: number;
  readonly count: number;
  readonly role: 'taker' | 'maker';
  readonly terms: FeeTerms;
  /** How much the order has overpaid by rounding so far. */
  readonly accumulator: MicroDollars;
  readonly at: Micros;
}

/** The effect of a fill. */
export interface AccountFilled {
  readonly position: KalshiPosition;
  /** Change of the balance, in $0.000001. */
  readonly cash: number;
  /** Net fee, in $0.000001. */
  readonly fee: number;
  /** Cost of the fill if it opened a position, in $0.000001. */
  readonly cost: number;
  readonly accumulator: MicroDollars;
}

/** No position. */
export const flat = (at: Micros): KalshiPosition => ({
  position: 0,
  cost: 0,
  realised: 0,
  fees: 0,
  traded: 0,
  volume: 0,
  updatedAt: at,
});

/** How much of `count` an order of `side` would close. */
export const closable = (side: 'bid' | 'ask', position: number, count: number): number =>
  Math.min(count, Math.max(0, side === 'bid' ? -position : position));

const revenueOf = (side: 'bid' | 'ask', ticks: number, count: number, effect: 'opens' | 'closes'): number =>
  count === 0 ? 0 : revenueOfFill(side, ticks as PriceTicks, count as Count, effect);

/** Collateral of `count` at a YES price, without the part that closes `position`; in $0.000001. */
export const collateral = (side: 'bid' | 'ask', ticks: number, count: number, position: number): number =>
  -revenueOf(side, ticks, count - closable(side, position, count), 'opens') + 0;

/**
 * Books one fill: first the part that closes, netting YES against NO, then the part that opens. The fee
 * follows docs.kalshi.com/getting_started/fee_rounding for direct members.
 */
export function fillPosition(before: KalshiPosition, fill: AccountFill): AccountFilled {
  const { side, ticks, count } = fill;
  const closes = closable(side, before.position, count);
  const opens = count - closes;
  const proceeds = revenueOf(side, ticks, closes, 'closes');
  const outlay = revenueOf(side, ticks, opens, 'opens');
  const { net, cash, accumulator } = feeOfFill({
    terms: fill.terms,
    role: fill.role,
    side,
    priceTicks: ticks as PriceTicks,
    count: countOf(count),
    accumulator: fill.accumulator,
    member: 'direct',
    revenue: microDollars(proceeds + outlay),
  });
  const released = closes === 0 ? 0 : Math.round((before.cost * closes) / Math.abs(before.position));
  return {
    position: {
      position: before.position + (side === 'bid' ? count : -count),
      cost: before.cost - released - outlay,
      realised: before.realised + proceeds - released,
      fees: before.fees + net,
      traded: before.traded - outlay,
      volume: before.volume + count,
      updatedAt: fill.at,
    },
    cash: cash * 100,
    fee: net,
    cost: -revenueOf(side, ticks, count, 'opens'),
    accumulator,
  };
}
