import type { FeeTerms } from '../domain/contracts.ts';
import type { ContractTop } from '../domain/events/market.ts';
import { type Count, count, DOLLAR_TICKS, type PriceTicks } from '../domain/money.ts';
import type { SettlementSums } from '../domain/settlement-sums.ts';
import { type Membership, takerFee, tradeFee } from '../venues/kalshi/fees.ts';
import { type Bound, negativeCycle } from './negative-cycle.ts';

/** One contract of a close: when it pays, what its fees are, and its best prices. */
export interface BundleQuote
  extends Pick<ContractTop, 'ticker' | 'bidTicks' | 'askTicks' | 'bidCount' | 'askCount'> {
  readonly sums: SettlementSums;
  readonly fee: FeeTerms;
}

/** One order of a bundle: `bid` buys YES at the ask, `ask` buys NO at the bid. `limitTicks` is a YES price. */
export interface BundleLeg {
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly limitTicks: PriceTicks;
  /** Exact fee of the whole leg, in millionths of a dollar. */
  readonly feeMicroDollars: number;
}

/** Contracts of one close that, bought together, pay more than they cost whatever the index does. */
export interface Bundle {
  readonly legs: readonly BundleLeg[];
  /** Count of every leg: what the thinnest of them shows, in whole lots. */
  readonly count: Count;
  /** What all legs cost with fees, and the least that they pay, in millionths of a dollar. */
  readonly costMicroDollars: number;
  readonly payoffMicroDollars: number;
}

/** How bundles are searched. */
export interface BundleTerms {
  readonly member: Membership;
  /** Sizes are multiples of this. */
  readonly lotCount: number;
  /** At most this many bundles are told. */
  readonly most: number;
}

/** A side of a contract that may be bought. */
interface Offer {
  readonly quote: BundleQuote;
  readonly side: 'bid' | 'ask';
  readonly limitTicks: PriceTicks;
  readonly depth: number;
}

type Edge = Bound & { readonly offer: Offer | undefined };

/** Sizes that are tried although a bundle was found already. */
const TRIED_SIZES = 32;

/**
 * Finds bundles: sets of contracts of one close, a side of each, whose least payoff over all settlement values
 * exceeds what they cost after exact fees. Strikes out of order, ranges that sum to too little or too much, and
 * a quarter-hour against the hour are all the same thing here.
 *
 * Let G(s) be the price of a dollar that is paid if the sum of the prints reaches s. A contract is G(from) −
 * G(to), so an ask bounds a difference of G from above and a bid from below; G never rises, is one before all
 * strikes and nothing after them. Such bounds have a solution if and only if no cycle of them is negative. So
 * either some distribution explains every quote after fees, and there is no bundle of any kind, or the legs of
 * a negative cycle are one.
 *
 * Fees depend on the size by their rounding. A first search leaves rounding out, so it misses nothing and ends
 * almost every call. Otherwise each size that a leg shows is searched with the exact fees of that size; the
 * most profitable bundle is kept, its counts are taken away, and the search goes on.
 */
export function findBundles(quotes: readonly BundleQuote[], terms: BundleTerms): readonly Bundle[] {
  const lots = (size: number): number => Math.floor(size / terms.lotCount) * terms.lotCount;
  let offers = quotes.flatMap((quote) => offersOf(quote, lots));
  const cuts = cutsOf(quotes);
  const found: Bundle[] = [];
  while (found.length < terms.most) {
    const best = bestBundle(offers, cuts, terms);
    if (!best) break;
    found.push(best);
    const taken = new Set(best.legs.map(({ ticker, side }) => `${side} ${ticker}`));
    offers = offers.map((offer) =>
      taken.has(`${offer.side} ${offer.quote.ticker}`)
        ? { ...offer, depth: offer.depth - best.count }
        : offer,
    );
  }
  return found;
}

const traded = (ticks: PriceTicks | undefined): ticks is PriceTicks =>
  ticks !== undefined && ticks > 0 && ticks < DOLLAR_TICKS;

function offersOf(quote: BundleQuote, lots: (size: number) => number): readonly Offer[] {
  const { askTicks, askCount, bidTicks, bidCount, sums } = quote;
  if (!(sums.from < sums.to)) return [];
  return [
    ...(traded(askTicks)
      ? [{ quote, side: 'bid' as const, limitTicks: askTicks, depth: lots(askCount) }]
      : []),
    ...(traded(bidTicks)
      ? [{ quote, side: 'ask' as const, limitTicks: bidTicks, depth: lots(bidCount) }]
      : []),
  ];
}

/** The sums at which some contract's result changes, ascending, between minus and plus infinity. */
const cutsOf = (quotes: readonly BundleQuote[]): readonly number[] =>
  [
    ...new Set([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      ...quotes.flatMap(({ sums: { from, to } }) => [from, to]),
    ]),
  ].sort((a, b) => a - b);

function bestBundle(
  offers: readonly Offer[],
  cuts: readonly number[],
  terms: BundleTerms,
): Bundle | undefined {
  const nodeOf = new Map(cuts.map((cut, i) => [cut, i]));
  const cycle = (shown: readonly Offer[], size: number, costOf: (offer: Offer) => number) =>
    negativeCycle(cuts.length, edgesOf(shown, size, costOf, nodeOf));
  const some = offers.filter(({ depth }) => depth > 0);
  // The fee of one contract, without any rounding to the balance: never more than a contract's share of any fee.
  const unrounded = ({ quote, side, limitTicks }: Offer): number =>
    100 * paid(side, limitTicks) + Math.max(0, tradeFee(quote.fee, 'taker', limitTicks, count(100)) - 1);
  if (!cycle(some, 100, unrounded)) return undefined;

  let best: Bundle | undefined;
  const sizes = [...new Set(some.map(({ depth }) => depth))].sort((a, b) => b - a);
  for (const [i, size] of sizes.entries()) {
    if (best && i >= TRIED_SIZES) break;
    const shown = some.filter(({ depth }) => depth >= size);
    const legs = cycle(shown, size, (offer) => legOf(offer, size, terms).cost)?.flatMap(
      ({ offer }) => offer ?? [],
    );
    const thinnest = Math.min(...(legs ?? []).map(({ depth }) => depth));
    const bundle = legs && (bundleOf(legs, thinnest, cuts, terms) ?? bundleOf(legs, size, cuts, terms));
    if (bundle && (!best || profitOf(bundle) > profitOf(best))) best = bundle;
  }
  return best;
}

/** What a contract of a side costs, in ticks. */
const paid = (side: 'bid' | 'ask', ticks: PriceTicks): number =>
  side === 'bid' ? ticks : DOLLAR_TICKS - ticks;

const legOf = ({ quote, side, limitTicks }: Offer, size: number, { member }: BundleTerms) => {
  const fee = takerFee(quote.fee, side, limitTicks, count(size), member);
  return { fee, cost: paid(side, limitTicks) * size + fee };
};

/** What a bundle leaves in the worst outcome, in millionths of a dollar. */
export const profitOf = ({ payoffMicroDollars, costMicroDollars }: Bundle): number =>
  payoffMicroDollars - costMicroDollars;

function edgesOf(
  offers: readonly Offer[],
  size: number,
  costOf: (offer: Offer) => number,
  nodeOf: ReadonlyMap<number, number>,
): readonly Edge[] {
  const last = nodeOf.size - 1;
  const whole = DOLLAR_TICKS * size;
  const edges: Edge[] = [
    { from: last, to: 0, weight: whole, offer: undefined },
    { from: 0, to: last, weight: -whole, offer: undefined },
  ];
  for (let node = 0; node < last; node++)
    edges.push({ from: node, to: node + 1, weight: 0, offer: undefined });
  for (const offer of offers) {
    const { from, to } = offer.quote.sums;
    const [lower, upper] = [nodeOf.get(from) as number, nodeOf.get(to) as number];
    const cost = costOf(offer);
    edges.push(
      offer.side === 'bid'
        ? { from: upper, to: lower, weight: cost, offer }
        : { from: lower, to: upper, weight: cost - whole, offer },
    );
  }
  return edges;
}

/** The bundle of these legs, or undefined if it does not pay in every outcome. */
function bundleOf(
  offers: readonly Offer[],
  size: number,
  cuts: readonly number[],
  terms: BundleTerms,
): Bundle | undefined {
  let least = offers.length;
  for (const cut of cuts.slice(0, -1)) {
    const paying = offers.filter(
      ({ quote: { sums }, side }) => (cut >= sums.from && cut < sums.to) === (side === 'bid'),
    );
    least = Math.min(least, paying.length);
  }
  const legs = offers.map((offer): BundleLeg & { readonly cost: number } => {
    const { fee, cost } = legOf(offer, size, terms);
    const { quote, side, limitTicks } = offer;
    return { ticker: quote.ticker, side, limitTicks, feeMicroDollars: fee, cost };
  });
  const bundle: Bundle = {
    legs: legs.map(({ cost: _, ...leg }) => leg),
    count: count(size),
    costMicroDollars: legs.reduce((sum, { cost }) => sum + cost, 0),
    payoffMicroDollars: least * DOLLAR_TICKS * size,
  };
  return profitOf(bundle) > 0 ? bundle : undefined;
}
