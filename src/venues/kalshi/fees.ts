import type { FeeTerms } from '../../domain/contracts.ts';
import {
  type Cash,
  type Count,
  cash,
  DOLLAR_TICKS,
  fixedPoint,
  type MicroDollars,
  microDollars,
  type PriceTicks,
} from '../../domain/money.ts';

/**
 * Precision of the balance: $0.0001 for `direct` members (ordinary API accounts), $0.01 for `nonDirect` ones.
 * Source: docs.kalshi.com/getting_started/fee_rounding.
 */
export type Membership = 'direct' | 'nonDirect';

/**
 * The fee and cash of one fill. All but `cash` are in millionths of a dollar. `net` = `trade` + `rounding` −
 * `rebate`, and is never negative.
 */
export interface FillFee {
  readonly trade: MicroDollars;
  readonly rounding: MicroDollars;
  readonly rebate: MicroDollars;
  readonly net: MicroDollars;
  /** Exact change of the balance: revenue less the net fee. */
  readonly cash: Cash;
  /** Rounding that this order has overpaid so far. Pass it on to its next fill. */
  readonly accumulator: MicroDollars;
}

/** A new order's accumulator. */
export const NOTHING_OVERPAID = microDollars(0);

const PRECISION: Readonly<Record<Membership, number>> = { direct: 100, nonDirect: 10_000 };

/** Rebates are whole cents by the official page, for every membership. */
const REBATE_UNIT = 10_000;

/**
 * The taker rate is 7/100 in every series. A maker pays none of it, a quarter or a half. The numbers here
 * count parts of 7/400.
 */
const QUARTERS: Readonly<Record<FeeTerms['kind'], Readonly<Record<'taker' | 'maker', number>>>> = {
  quadratic: { taker: 4, maker: 0 },
  quadratic_with_maker_fees: { taker: 4, maker: 1 },
  quadratic_with_combo_maker_fees: { taker: 4, maker: 2 },
};

/** Fees are exact for multipliers with at most this many decimals. */
export const MULTIPLIER_DECIMALS = 4;
const MULTIPLIER_ONE = 10 ** MULTIPLIER_DECIMALS;

const ceilDivide = (numerator: number, denominator: number): number => {
  const remainder = numerator % denominator;
  return (numerator - remainder) / denominator + (remainder > 0 ? 1 : 0);
};

function multiplierOf({ multiplier }: FeeTerms): number {
  if (multiplier === 1) return MULTIPLIER_ONE;
  const parts = fixedPoint(String(multiplier), MULTIPLIER_DECIMALS);
  if (parts === undefined || parts < 0)
    throw new RangeError(
      `fees: multiplier must be a decimal of at most ${MULTIPLIER_DECIMALS} places, was ${multiplier}`,
    );
  return parts;
}

/**
 * Fee of a match before rounding to the balance: ⌈multiplier·rate·C·P·(1−P)⌉ in millionths of a dollar, the
 * same for both sides of the book. Source: the series' fee model (docs.kalshi.com, series object), checked
 * against fills of the demo exchange. With C in 1e-2 and P in 1e-4 the product C·P·(1−P) is in 1e-10 dollars,
 * hence ⌈quarters·7·multiplier·product / 4,000,000⌉.
 */
export function tradeFee(
  terms: FeeTerms,
  role: 'taker' | 'maker',
  priceTicks: PriceTicks,
  count: Count,
): MicroDollars {
  if (!(Number.isInteger(priceTicks) && priceTicks > 0 && priceTicks < DOLLAR_TICKS))
    throw new RangeError(`fees: priceTicks must be whole and within a dollar, was ${priceTicks}`);
  if (!(Number.isSafeInteger(count) && count > 0))
    throw new RangeError(`fees: count must be whole and positive, was ${count}`);
  const rate = 7 * QUARTERS[terms.kind][role];
  if (rate === 0) return microDollars(0);
  const parts = multiplierOf(terms);
  const whole = parts % MULTIPLIER_ONE === 0;
  const factor = rate * (whole ? parts / MULTIPLIER_ONE : parts);
  const divisor = 4_000_000 * (whole ? 1 : MULTIPLIER_ONE);
  const moment = priceTicks * (DOLLAR_TICKS - priceTicks);
  // moment ≤ 2.5e7 and factor·moment ≤ 7e8 at multiplier 1, so doubles are exact to about 128,000 contracts;
  // past that, BigInt.
  const product = factor * moment * count;
  if (product <= Number.MAX_SAFE_INTEGER) return microDollars(ceilDivide(product, divisor));
  const exact = BigInt(factor) * BigInt(moment) * BigInt(count);
  return microDollars(Number((exact + BigInt(divisor) - 1n) / BigInt(divisor)));
}

/**
 * The change of the balance by a fill before fees, in millionths of a dollar; negative if we pay. Opening: a
 * bid pays p·C for YES, an ask pays (1−p)·C for NO. Closing: an ask sells YES held for p·C, a bid sells NO
 * held for (1−p)·C. If a fill does both, its revenue is the sum of the two parts. Opening and closing differ
 * by C whole dollars, a multiple of each precision, so the fee is the same in both cases.
 */
export function revenueOfFill(
  side: 'bid' | 'ask',
  priceTicks: PriceTicks,
  count: Count,
  effect: 'opens' | 'closes' = 'opens',
): MicroDollars {
  const no = DOLLAR_TICKS - priceTicks;
  if (effect === 'opens') return microDollars(-(side === 'bid' ? priceTicks : no) * count);
  return microDollars((side === 'bid' ? no : priceTicks) * count);
}

/**
 * Rounds one fill to the member's precision. The balance changes by ⌊revenue − trade⌋. The part that is
 * rounded off is the rounding fee. It adds up over all fills of an order, taker and maker alike. Once the sum
 * exceeds a cent, it is paid back in whole cents, as long as no fill's net fee becomes negative. Source and
 * worked examples: docs.kalshi.com/getting_started/fee_rounding.
 */
export function roundFill(fill: {
  readonly trade: MicroDollars;
  readonly revenue: MicroDollars;
  readonly accumulator: MicroDollars;
  readonly member: Membership;
}): FillFee {
  const precision = PRECISION[fill.member];
  const change = fill.revenue - fill.trade;
  const rounding = ((change % precision) + precision) % precision;
  let rebate = 0;
  let accumulator = fill.accumulator + rounding;
  while (accumulator > REBATE_UNIT && fill.trade + rounding - rebate >= REBATE_UNIT) {
    rebate += REBATE_UNIT;
    accumulator -= REBATE_UNIT;
  }
  return {
    trade: fill.trade,
    rounding: microDollars(rounding),
    rebate: microDollars(rebate),
    net: microDollars(fill.trade + rounding - rebate),
    cash: cash((change - rounding + rebate) / 100),
    accumulator: microDollars(accumulator),
  };
}

/**
 * Exact fee and cash of one fill. `revenue` is the change of the balance before fees; if it is left out, the
 * fill opens a position (`revenueOfFill`). Pass `accumulator` from fill to fill of one order, starting with
 * `NOTHING_OVERPAID`.
 */
export function feeOfFill(fill: {
  readonly terms: FeeTerms;
  readonly role: 'taker' | 'maker';
  readonly side: 'bid' | 'ask';
  readonly priceTicks: PriceTicks;
  readonly count: Count;
  readonly accumulator: MicroDollars;
  readonly member: Membership;
  readonly revenue?: MicroDollars;
}): FillFee {
  return roundFill({
    trade: tradeFee(fill.terms, fill.role, fill.priceTicks, fill.count),
    revenue: fill.revenue ?? revenueOfFill(fill.side, fill.priceTicks, fill.count),
    accumulator: fill.accumulator,
    member: fill.member,
  });
}

/**
 * Net fee of an order that takes all at one price in one fill, in millionths of a dollar. It equals
 * `feeOfFill` of a new order but allocates no object. A first fill never earns a rebate, because its rounding
 * is less than the rebate's unit. Pricing calls this several times per contract; with the object of
 * `feeOfFill` that would take more than half of its time.
 */
export function takerFee(
  terms: FeeTerms,
  side: 'bid' | 'ask',
  priceTicks: PriceTicks,
  count: Count,
  member: Membership,
): MicroDollars {
  const trade = tradeFee(terms, 'taker', priceTicks, count);
  const precision = PRECISION[member];
  const rounding = (revenueOfFill(side, priceTicks, count) - trade) % precision;
  return microDollars(trade + (rounding < 0 ? rounding + precision : rounding));
}
