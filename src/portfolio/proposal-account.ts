import type { Contract } from '../domain/contracts.ts';
import type { Proposal } from '../domain/events/decision.ts';
import type { Micros } from '../domain/time.ts';
import { costOf } from './cost.ts';
import { WHOLE_ACCOUNT } from './differences.ts';
import { exposureOfFill, exposureOfOrder } from './exposures.ts';
import { ladderOf } from './payoff-ladder.ts';
import type { Portfolio } from './portfolio.ts';
import { dayOf } from './realise.ts';

/**
 * The account as the checks see it, for one proposal. Counts are in 0.01 contracts and cash in $0.0001. They
 * are plain numbers because a bad proposal makes them NaN, which the checks refuse. The `worst…` values are
 * computed at the first call.
 */
export interface ProposalAccount {
  /** Cash minus what open orders may take. */
  readonly available: number;
  /** What the proposal would take from `available`: price and fee. No netting is assumed. */
  readonly cost: number;
  /**
   * Position toward the proposal's side (YES for a bid, NO for an ask) if it and all open orders of that side
   * filled.
   */
  readonly positionIfFilled: number;
  /** Worst profit or loss of the proposal's close, and of all closes together, if it filled. */
  readonly worstOfClose: () => number;
  readonly worstOfAll: () => number;
  /** Whether the worst result of the proposal's close is better once the proposal has filled. */
  readonly lowersWorst: () => boolean;
  /** Realised profit or loss of the UTC day. */
  readonly dayPnl: number;
  /**
   * What the venue told of the ticker or of the whole account that cannot be, and that nobody has resolved.
   */
  readonly differences: number;
  readonly ordersOpen: number;
  /**
   * Open orders on the same ticker that are of the same side, or of which nobody knows whether they exist.
   */
  readonly ordersInTheWay: number;
  /** Time of the last order on the ticker. */
  readonly lastOrderAt: Micros | undefined;
  /** Orders sent less than `spanMicros` ago, at most a minute. */
  readonly ordersWithin: (spanMicros: Micros) => number;
}

/** Views the account for a proposal on `contract` as of `now`. */
export function proposalAccount(
  portfolio: Portfolio,
  now: Micros,
  contract: Contract,
  proposal: Proposal,
): ProposalAccount {
  const { ticker, side, limitTicks, count } = proposal;
  const position = portfolio.holdings.get(ticker)?.position ?? 0;
  let pending = 0;
  let ordersInTheWay = 0;
  for (const { order, remaining, state } of portfolio.orders.values()) {
    if (order.ticker !== ticker) continue;
    if (order.side === side) pending += remaining;
    if (order.side === side || state === 'unknown') ordersInTheWay++;
  }
  // In $0.0001, rounded up. The margin is there because 0.07 dollars is not exact in binary and would become
  // 701.
  const fee = Math.ceil(proposal.feeDollars * count * 100 - 1e-6);
  const cost = costOf(side, limitTicks, count) + fee;
  const worstBefore = portfolio.worstByClose.get(contract.asset)?.get(contract.closeAt);

  let worst: number | undefined;
  const worstOfClose = (): number => {
    if (worst !== undefined) return worst;
    const added = exposureOfOrder(contract, side, limitTicks, count, fee);
    // Nothing else is exposed at this close. The proposal can fill or not and win or lose, so the worst of
    // these counts.
    if (worstBefore === undefined) worst = Math.min(added.yes, added.no);
    else worst = ladderOf(portfolio, contract).worstWith(added);
    return worst;
  };
  return {
    available: portfolio.cash - portfolio.reserved,
    cost,
    positionIfFilled: (side === 'bid' ? position : -position) + pending + count,
    worstOfClose,
    worstOfAll: () => portfolio.worst - (worstBefore ?? 0) + worstOfClose(),
    lowersWorst: () => {
      const before = ladderOf(portfolio, contract);
      return before.worstWith(exposureOfFill(contract, side, limitTicks, count, fee)) > before.worst;
    },
    dayPnl: portfolio.realisedByDay.get(dayOf(now)) ?? 0,
    differences: (portfolio.differences.get(ticker) ?? 0) + (portfolio.differences.get(WHOLE_ACCOUNT) ?? 0),
    ordersOpen: portfolio.orders.size,
    ordersInTheWay,
    lastOrderAt: portfolio.lastOrderAt.get(ticker),
    ordersWithin: (spanMicros) => {
      if (Number.isNaN(spanMicros)) return spanMicros;
      let orders = 0;
      for (const time of portfolio.orderTimes) if (time > now - spanMicros) orders++;
      return orders;
    },
  };
}
