import type { Contract } from '../../domain/contracts.ts';
import type { ContractTop } from '../../domain/events/market.ts';
import { type Cash, type Count, contractsOf, count, dollarsOf } from '../../domain/money.ts';
import { settlementSums } from '../../domain/settlement-sums.ts';
import { type Close, closeOf } from '../../portfolio/exposures.ts';
import type { Portfolio } from '../../portfolio/portfolio.ts';
import type { CloseMoments, OpenMoments } from '../../pricing/close-moments.ts';
import { type JointSizer, propose } from '../../pricing/edge.ts';
import type { PricingSettings } from '../../pricing/settings.ts';
import type { ContractPrice } from '../../pricing/settlement.ts';
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
  readonly priceOf: (contract: Contract) => ContractPrice;
  readonly limits: RiskSettings;
  readonly member: Membership;
}

/**
 * The sizer of one contract of the close, as the account is now. Contracts and books are looked at again when
 * `round` is another than before.
 */
export type CloseSizer = (
  slot: Slot,
  portfolio: Portfolio,
  pricing: PricingSettings,
  round: number,
) => JointSizer;

/** A bet of the close with its contract. */
interface SlotBet extends CloseBet {
  readonly slot: Slot;
}

/** The bet that a contract is, if any, and what it was found from. */
interface Found {
  readonly contract: Contract;
  readonly book: ContractTop;
  readonly position: Count;
  readonly bet: SlotBet | undefined;
}

/** What stands at a close while holdings, cash, stake and books are the same. */
interface Standing {
  readonly round: number;
  readonly holdings: Portfolio['holdings'];
  readonly cash: number;
  readonly kellyFraction: number;
  readonly found: Map<string, Found>;
  readonly bets: readonly SlotBet[];
  /** What is held of contracts that are no bets. */
  readonly held: readonly (CloseHolding & { readonly ticker: string })[];
  readonly placeOf: ReadonlyMap<string, number>;
  readonly sizes: JointSizes;
}

/** The orders of a close that may still fill, and the tickers that they are of. */
interface Ordered {
  readonly from: Portfolio['orders'];
  readonly orders: readonly CloseOrder[];
  readonly tickers: ReadonlySet<string>;
}

/**
 * Sizes orders together with everything else at their close: what is held and ordered there, and the other
 * contracts that would be bought now. It holds while the law does. A contract is looked at when the first of
 * its close has an edge, and again when its terms, its book or the account have changed. The problem of all bets
 * is solved anew when one of them has; an order that was sent only adds to them. The sizer returns undefined if
 * nothing else is at the close, or if the contract cannot be placed among the settlement values.
 */
export function closeSizer(terms: JointTerms): CloseSizer {
  const { law } = terms;
  let standing: Standing | undefined;
  let ordered: Ordered | undefined;
  return (slot, portfolio, pricing, round) => (bet) => {
    const { contract, ticker } = slot;
    const sums = contract && settlementSums(contract);
    if (!sums || law.kind !== 'open') return undefined;
    if (
      standing?.round !== round ||
      standing.holdings !== portfolio.holdings ||
      standing.cash !== portfolio.cash ||
      standing.kellyFraction !== pricing.sizing.kellyFraction
    )
      standing = standingAt(slot, terms, law, portfolio, pricing, round, standing);
    if (ordered?.from !== portfolio.orders) ordered = orderedAt(contract, portfolio);

    const { bets, held, placeOf, sizes } = standing;
    const { orders, tickers } = ordered;
    const place = placeOf.get(ticker);
    const others = bets.length - (place === undefined ? 0 : 1);
    const rest = place === undefined ? held.filter((holding) => holding.ticker !== ticker) : held;
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

/** Looks at every contract of the close of `of` that has changed since `before`. */
function standingAt(
  of: Slot,
  { slots, priceOf, limits, member }: JointTerms,
  law: OpenMoments,
  { holdings, cash }: Portfolio,
  pricing: PricingSettings,
  round: number,
  before: Standing | undefined,
): Standing {
  const isHere = isAt(closeOf(of.contract));
  const { kellyFraction } = pricing.sizing;
  const sameStake = before?.cash === cash && before.kellyFraction === kellyFraction;
  const found = sameStake ? before.found : new Map<string, Found>();
  const bets: SlotBet[] = [];
  for (const slot of slots.values()) {
    const { ticker, contract, book, settled, market } = slot;
    if (!contract || !book?.live || settled || market !== of.market || !isHere(contract)) continue;
    const position = holdings.get(ticker)?.position ?? count(0);
    let known = found.get(ticker);
    if (known?.contract !== contract || known.book !== book || known.position !== position) {
      const bet = betOf(slot, contract, book, position, { priceOf, cash, pricing, limits, member });
      known = { contract, book, position, bet };
      found.set(ticker, known);
    }
    if (known.bet) bets.push(known.bet);
  }
  const key = { round, holdings, cash, kellyFraction, found };
  if (sameStake && before.holdings === holdings && alike(before.bets, bets)) return { ...before, ...key };
  const placeOf = new Map(bets.map(({ slot: { ticker } }, place) => [ticker, place]));
  const held = [...holdings.values()].flatMap(({ ticker, contract, position, paid }) =>
    position === 0 || placeOf.has(ticker) || !isHere(closeOf(contract))
      ? []
      : [{ ticker, sums: contract && settlementSums(contract), position, paidDollars: dollarsOf(paid) }],
  );
  const close = { bets, holdings: held, moments: law, bankrollDollars: dollarsOf(cash) };
  return { ...key, bets, held, placeOf, sizes: jointSizes({ ...close, settings: pricing.sizing }) };
}

const alike = (a: readonly SlotBet[], b: readonly SlotBet[]): boolean =>
  a.length === b.length && a.every((bet, place) => bet === b[place]);

/** What would be bought of one contract if it stood alone; undefined without the edge that the checks ask for. */
function betOf(
  slot: Slot,
  contract: Contract,
  book: ContractTop,
  position: Count,
  {
    priceOf,
    cash,
    pricing,
    limits,
    member,
  }: Omit<JointTerms, 'slots' | 'law'> & { readonly cash: Cash; readonly pricing: PricingSettings },
): SlotBet | undefined {
  const sums = settlementSums(contract);
  const fee = feePerContract(contract, member);
  const price = priceOf(contract);
  const bankrollDollars = dollarsOf(cash);
  const found = sums && propose({ book, price, position, bankrollDollars, feePerContract: fee }, pricing);
  if (!found || !(found.edgeDollars >= requiredEdge(found.probabilityError, limits))) return undefined;
  const { side, probability, limitTicks } = found;
  const paid = dollarsOf(limitTicks);
  // By the lot, as the bet in question is.
  const feeDollars = fee(side, limitTicks, count(pricing.sizing.lotCount));
  return {
    slot,
    sums,
    side,
    probability,
    costDollars: (side === 'bid' ? paid : 1 - paid) + feeDollars,
    displayedCount: side === 'bid' ? book.askCount : book.bidCount,
    position,
  };
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
