import { contractsOf, count, dollarsOf } from '../../domain/money.ts';
import { settlementSums } from '../../domain/settlement-sums.ts';
import { type Close, closeOf } from '../../portfolio/exposures.ts';
import type { Portfolio } from '../../portfolio/portfolio.ts';
import type { CloseMoments } from '../../pricing/close-moments.ts';
import { type JointSizer, propose } from '../../pricing/edge.ts';
import type { PricingSettings } from '../../pricing/settings.ts';
import { probabilityOf } from '../../pricing/settlement.ts';
import { type CloseBet, type RestOfClose, sizeJointly } from '../../pricing/size-jointly.ts';
import { requiredEdge } from '../../pricing/would-change.ts';
import type { RiskSettings } from '../../risk/settings.ts';
import type { Membership } from '../../venues/kalshi/fees.ts';
import { feePerContract } from './assess.ts';
import type { Slot } from './slot.ts';

/** What the joint size of one contract depends on. */
export interface JointTerms {
  readonly slots: ReadonlyMap<string, Slot>;
  /** The law of the contract's close. */
  readonly law: CloseMoments;
  readonly portfolio: Portfolio;
  readonly pricing: PricingSettings;
  readonly limits: RiskSettings;
  readonly member: Membership;
}

/**
 * Sizes an order of one contract together with everything else at its close: what is held and ordered there,
 * and the other contracts that would be bought now. Nothing is read before a bet has an edge. The sizer
 * returns undefined if nothing else is at the close, or if the contract cannot be placed among the settlement
 * values.
 */
export const jointSizer =
  (slot: Slot, terms: JointTerms): JointSizer =>
  (bet) => {
    const { contract } = slot;
    const { law, portfolio, pricing } = terms;
    const sums = contract && settlementSums(contract);
    if (!sums || law.kind !== 'open') return undefined;
    const { alone, ...rest } = restOfClose(slot, terms);
    if (alone) return undefined;
    return sizeJointly({ ...bet, sums }, rest, law, dollarsOf(portfolio.cash), pricing.sizing);
  };

function restOfClose(
  slot: Slot,
  { slots, law, portfolio, pricing, limits, member }: JointTerms,
): RestOfClose & { readonly alone: boolean } {
  const { asset, closeAt } = closeOf(slot.contract);
  const isHere = (close: Close): boolean => close.asset === asset && close.closeAt === closeAt;
  const positionOf = (ticker: string) => portfolio.holdings.get(ticker)?.position ?? count(0);

  const bets: CloseBet[] = [];
  let place = 0;
  const counted = new Set([slot.ticker]);
  for (const { ticker, contract, book, settled, market } of slots.values()) {
    if (ticker === slot.ticker) place = bets.length;
    if (
      !contract ||
      !book?.live ||
      settled ||
      market !== slot.market ||
      counted.has(ticker) ||
      !isHere(contract)
    )
      continue;
    const sums = settlementSums(contract);
    const fee = feePerContract(contract, member);
    const found =
      sums &&
      propose(
        {
          book,
          price: probabilityOf(contract, law),
          position: positionOf(ticker),
          bankrollDollars: dollarsOf(portfolio.cash),
          feePerContract: fee,
        },
        pricing,
      );
    if (!found || !(found.edgeDollars >= requiredEdge(found.probabilityError, limits))) continue;
    const { side, probability, limitTicks } = found;
    const price = dollarsOf(limitTicks);
    // By the lot, as the bet in question is.
    const feeDollars = fee(side, limitTicks, count(pricing.sizing.lotCount));
    counted.add(ticker);
    bets.push({
      sums,
      side,
      probability,
      costDollars: (side === 'bid' ? price : 1 - price) + feeDollars,
      displayedCount: side === 'bid' ? book.askCount : book.bidCount,
      position: positionOf(ticker),
    });
  }
  const holdings = [...portfolio.holdings.values()].flatMap(({ ticker, contract, position, paid }) =>
    position === 0 || counted.has(ticker) || !isHere(closeOf(contract))
      ? []
      : [{ sums: contract && settlementSums(contract), position, paidDollars: dollarsOf(paid) }],
  );
  let alone = bets.length + holdings.length === 0;
  const orders = [...portfolio.orders.values()].flatMap(({ order, contract, remaining, feeBound }) => {
    if (!isHere(contract) || remaining === 0) return [];
    const { ticker, side, limitTicks } = order;
    if (ticker !== slot.ticker) alone = false;
    const price = dollarsOf(limitTicks);
    const costDollars = (side === 'bid' ? price : 1 - price) + dollarsOf(feeBound) / contractsOf(remaining);
    return [{ sums: settlementSums(contract), side, remaining, costDollars }];
  });
  return { alone, bets, place, holdings, orders };
}
