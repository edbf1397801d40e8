import { contractsOf, count, dollarsOf } from '../../domain/money.ts';
import { settlementSums } from '../../domain/settlement-sums.ts';
import { type Close, closeOf } from '../../portfolio/exposures.ts';
import type { Portfolio } from '../../portfolio/portfolio.ts';
import type { CloseMoments, OpenMoments } from '../../pricing/close-moments.ts';
import { type JointSizer, propose } from '../../pricing/edge.ts';
import type { PricingSettings } from '../../pricing/settings.ts';
import { probabilityOf } from '../../pricing/settlement.ts';
import {
  type CloseBet,
  type CloseHolding,
  type CloseOrder,
  type JointSizes,
  jointSizes,
} from '../../pricing/size-jointly.ts';
import { requiredEdge } from '../../pricing/would-change.ts';
import type { RiskSettings } from '../../risk/settings.ts';
import type { Membership } from '../../venues/kalshi/fees.ts';
import { feePerContract } from './assess.ts';
import type { Slot } from './slot.ts';

/** What the joint sizes of one close depend on, besides the account. */
export interface JointTerms {
  readonly slots: ReadonlyMap<string, Slot>;
  /** The law of the close. */
  readonly law: CloseMoments;
  readonly limits: RiskSettings;
  readonly member: Membership;
}

/** The sizer of one contract of the close, as the account is now. */
export type CloseSizer = (slot: Slot, portfolio: Portfolio, pricing: PricingSettings) => JointSizer;

/** A bet of the close with its contract. */
interface SlotBet extends CloseBet {
  readonly slot: Slot;
}

/** What stands at a close while holdings, cash and stake are the same. */
interface Standing {
  readonly holdings: Portfolio['holdings'];
  readonly cash: number;
  readonly kellyFraction: number;
  readonly bets: readonly SlotBet[];
  /** What is held of contracts that are no bets. */
  readonly held: readonly (CloseHolding & { readonly ticker: string })[];
  readonly placeOf: ReadonlyMap<string, number>;
  readonly sizes: JointSizes;
}

/** The orders of a close that may still fill, and the one ticker that all are of, if there is one. */
interface Ordered {
  readonly from: Portfolio['orders'];
  readonly orders: readonly CloseOrder[];
  readonly tickers: ReadonlySet<string>;
}

/**
 * Sizes orders together with everything else at their close: what is held and ordered there, and the other
 * contracts that would be bought now. It holds for one instant, while neither books nor law change. The bets
 * are looked for when the first contract has an edge, and are the same for all others until a fill changes the
 * account; an order that was sent only adds to them. The sizer returns undefined if nothing else is at the
 * close, or if the contract cannot be placed among the settlement values.
 */
export function closeSizer(terms: JointTerms): CloseSizer {
  const { law } = terms;
  let standing: Standing | undefined;
  let ordered: Ordered | undefined;
  return (slot, portfolio, pricing) => (bet) => {
    const { contract, ticker } = slot;
    const sums = contract && settlementSums(contract);
    if (!sums || law.kind !== 'open') return undefined;
    const { kellyFraction } = pricing.sizing;
    if (
      standing?.holdings !== portfolio.holdings ||
      standing.cash !== portfolio.cash ||
      standing.kellyFraction !== kellyFraction
    )
      standing = standingAt(slot, terms, law, portfolio, pricing);
    if (ordered?.from !== portfolio.orders) ordered = orderedAt(contract, portfolio);

    const { bets, held, placeOf, sizes } = standing;
    const { orders, tickers } = ordered;
    const place = placeOf.get(ticker);
    const others = bets.length - (place === undefined ? 0 : 1);
    const rest = held.filter((holding) => holding.ticker !== ticker);
    const otherOrders = tickers.size - (tickers.has(ticker) ? 1 : 0);
    if (others + rest.length + otherOrders === 0) return undefined;
    if (place !== undefined && bets[place]?.side === bet.side) return sizes(place, orders);
    // It is none of the bets that count for others, so it stands beside them, in its own place.
    const before = bets.filter(({ slot: { arrival } }) => arrival < slot.arrival);
    const after = bets.filter(({ slot: { arrival } }) => arrival > slot.arrival);
    return jointSizes({
      bets: [...before, { ...bet, sums }, ...after],
      holdings: rest,
      moments: law,
      bankrollDollars: dollarsOf(portfolio.cash),
      settings: pricing.sizing,
    })(before.length, orders);
  };
}

const isAt =
  ({ asset, closeAt }: Close) =>
  (close: Close): boolean =>
    close.asset === asset && close.closeAt === closeAt;

/** Looks at every contract of the close of `of`. */
function standingAt(
  of: Slot,
  { slots, limits, member }: JointTerms,
  law: OpenMoments,
  { holdings, cash }: Portfolio,
  pricing: PricingSettings,
): Standing {
  const isHere = isAt(closeOf(of.contract));
  const bankrollDollars = dollarsOf(cash);
  const bets: SlotBet[] = [];
  const placeOf = new Map<string, number>();
  for (const slot of slots.values()) {
    const { ticker, contract, book, settled, market } = slot;
    if (!contract || !book?.live || settled || market !== of.market || !isHere(contract)) continue;
    const sums = settlementSums(contract);
    const fee = feePerContract(contract, member);
    const position = holdings.get(ticker)?.position ?? count(0);
    const found =
      sums &&
      propose(
        { book, price: probabilityOf(contract, law), position, bankrollDollars, feePerContract: fee },
        pricing,
      );
    if (!found || !(found.edgeDollars >= requiredEdge(found.probabilityError, limits))) continue;
    const { side, probability, limitTicks } = found;
    const price = dollarsOf(limitTicks);
    // By the lot, as the bet in question is.
    const feeDollars = fee(side, limitTicks, count(pricing.sizing.lotCount));
    placeOf.set(ticker, bets.length);
    bets.push({
      slot,
      sums,
      side,
      probability,
      costDollars: (side === 'bid' ? price : 1 - price) + feeDollars,
      displayedCount: side === 'bid' ? book.askCount : book.bidCount,
      position,
    });
  }
  const held = [...holdings.values()].flatMap(({ ticker, contract, position, paid }) =>
    position === 0 || placeOf.has(ticker) || !isHere(closeOf(contract))
      ? []
      : [{ ticker, sums: contract && settlementSums(contract), position, paidDollars: dollarsOf(paid) }],
  );
  const sizes = jointSizes({
    bets,
    holdings: held,
    moments: law,
    bankrollDollars,
    settings: pricing.sizing,
  });
  return { holdings, cash, kellyFraction: pricing.sizing.kellyFraction, bets, held, placeOf, sizes };
}

function orderedAt(close: Close, { orders: from }: Portfolio): Ordered {
  const isHere = isAt(close);
  const tickers = new Set<string>();
  const orders = [...from.values()].flatMap(({ order, contract, remaining, feeBound }) => {
    if (!isHere(contract) || remaining === 0) return [];
    const { ticker, side, limitTicks } = order;
    tickers.add(ticker);
    const price = dollarsOf(limitTicks);
    const costDollars = (side === 'bid' ? price : 1 - price) + dollarsOf(feeBound) / contractsOf(remaining);
    return [{ sums: settlementSums(contract), side, remaining, costDollars }];
  });
  return { from, orders, tickers };
}
