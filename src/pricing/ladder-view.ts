import type { ContractTop } from '../domain/events/market.ts';
import { DOLLAR_TICKS } from '../domain/money.ts';
import { SETTLEMENT_PRINTS, type SettlementSums } from '../domain/settlement-sums.ts';
import { DAY, type Micros, SECOND } from '../domain/time.ts';
import type { StudentT } from '../maths/student-t.ts';
import { type OpenMoments, squares } from './close-moments.ts';

const YEAR_SECONDS = (365 * DAY) / SECOND;

/** One contract of a close as it is quoted. */
export interface LadderQuote extends Pick<ContractTop, 'bidTicks' | 'askTicks' | 'bidCount' | 'askCount'> {
  readonly sums: SettlementSums;
}

/** A number read from quotes, and the least and the most that the quotes allow. */
export interface Bounded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What the quotes of one close say of its settlement value. */
export interface LadderView {
  /** Contracts past one strike that have a price. */
  readonly strikes: number;
  /** Annualised volatility until the close (of a year of 365 days; 1 is 100 %). */
  readonly volatility: Bounded | undefined;
  /**
   * Log of the ratio of the deviation above the centre to that below it: 0 is even, above 0 the quotes see
   * more room upward. Undefined if only one side is quoted.
   */
  readonly skew: Bounded | undefined;
  /** Annualised volatility of the forecast, in the same measure. */
  readonly forecastVolatility: number;
  /**
   * Whether one distribution of this shape lies within all quotes. If none does, each bound is the mean of the
   * single bounds instead of the tightest.
   */
  readonly agrees: boolean;
  /**
   * Counts at the best prices that want a higher settlement value, less those that want a lower one, as a share
   * of both: 1 is all up. Undefined without any.
   */
  readonly depthImbalance: number | undefined;
}

/** One strike on its side of the centre: its distance in logs, and the deviations that its quote allows. */
interface Reading extends Bounded {
  readonly above: boolean;
}

/**
 * Reads implied volatility, skew and depth imbalance from all quotes of one close. The shape is the one that
 * prices the close (`moments`: its centre and its Student-t tail) with a deviation of its own on each side of
 * the centre (the two-piece law of Fechner; Wallis 2014, "The two-piece normal"). On one side a quote of one
 * strike then stands for one deviation, so bid and ask stand for the least and the most that the quote allows.
 * A side's value is the mean of what its middles say, weighted by the inverse square of these widths. Its
 * bounds are those that all its quotes allow. Ranges say nothing that their neighbours do not, and are left
 * out here.
 */
export function ladderView(quotes: readonly LadderQuote[], moments: OpenMoments, now: Micros): LadderView {
  const cumulative = quotes.filter(
    ({ sums: { from, to }, bidTicks, askTicks }) =>
      Number.isFinite(from) !== Number.isFinite(to) && (bidTicks ?? askTicks) !== undefined,
  );
  const readings = cumulative.flatMap((quote) => readingOf(quote, moments) ?? []);
  const up = sideOf(readings.filter(({ above }) => above));
  const down = sideOf(readings.filter(({ above }) => !above));

  const seconds = varianceSeconds(moments, now);
  const annualised = (deviation: number): number =>
    Math.sqrt((Math.max(0, deviation ** 2 - moments.indexVariance) * YEAR_SECONDS) / seconds);
  const both = (key: keyof Bounded): number =>
    Math.sqrt(((up ?? down)?.[key] ?? Number.NaN) * ((down ?? up)?.[key] ?? Number.NaN));
  return {
    strikes: cumulative.length,
    volatility:
      up || down
        ? {
            value: annualised(both('value')),
            low: annualised(both('low')),
            high: annualised(both('high')),
          }
        : undefined,
    skew:
      up && down
        ? {
            value: Math.log(up.value / down.value),
            low: Math.log(up.low / down.high),
            high: Math.log(up.high / down.low),
          }
        : undefined,
    forecastVolatility: annualised(moments.sdLog),
    agrees:
      (up?.agrees ?? true) &&
      (down?.agrees ?? true) &&
      readings.every(({ low }) => low < Number.POSITIVE_INFINITY),
    depthImbalance: imbalanceOf(cumulative),
  };
}

/** Seconds of variance in the mean of the prints to come, at a constant variance a second. */
function varianceSeconds({ closeAt, remaining }: OpenMoments, now: Micros): number {
  const seconds = (closeAt - now) / SECOND;
  return remaining === SETTLEMENT_PRINTS && seconds > SETTLEMENT_PRINTS
    ? seconds - SETTLEMENT_PRINTS + squares(remaining - 1) / remaining ** 2
    : squares(remaining) / remaining ** 2;
}

function readingOf(
  { sums: { from, to }, bidTicks, askTicks }: LadderQuote,
  { seenUnits, remaining, centreUnits, law, scale }: OpenMoments,
): Reading | undefined {
  const pays = to === Number.POSITIVE_INFINITY;
  const needed = (pays ? from : to) - seenUnits;
  const distance = Math.log(needed / (remaining * centreUnits));
  if (!Number.isFinite(distance) || distance === 0) return undefined;
  const above = distance > 0;
  // Probability of ending beyond the strike, away from the centre.
  const asIs = pays === above;
  const bid = bidTicks ?? 0;
  const ask = askTicks ?? DOLLAR_TICKS;
  const least = (asIs ? bid : DOLLAR_TICKS - ask) / DOLLAR_TICKS;
  const most = (asIs ? ask : DOLLAR_TICKS - bid) / DOLLAR_TICKS;
  const deviation = (beyond: number): number => {
    if (!(beyond > 0)) return 0;
    if (beyond >= 0.5) return Number.POSITIVE_INFINITY;
    return Math.abs(distance) / (scale * upperQuantile(law, beyond));
  };
  const low = deviation(least);
  const middle = deviation((least + most) / 2);
  return { above, low, high: deviation(most), value: Number.isFinite(middle) ? middle : low };
}

/** The x with a probability `beyond` above it, for 0 < beyond < ½. */
function upperQuantile({ cdf }: StudentT, beyond: number): number {
  let high = 1;
  while (cdf(-high) > beyond && high < 1e12) high *= 2;
  let low = 0;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (cdf(-middle) > beyond) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The deviation of one side by its readings; undefined if none says how large it is. */
function sideOf(readings: readonly Reading[]): (Bounded & { readonly agrees: boolean }) | undefined {
  let total = 0;
  const mean = { value: 0, low: 0, high: 0 };
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (const reading of readings) {
    if (reading.low === Number.POSITIVE_INFINITY) continue;
    low = Math.max(low, reading.low);
    high = Math.min(high, reading.high);
    const width = reading.high - reading.low;
    if (!Number.isFinite(width)) continue;
    const weight = 1 / Math.max(width, 1e-12) ** 2;
    total += weight;
    mean.value += weight * reading.value;
    mean.low += weight * reading.low;
    mean.high += weight * reading.high;
  }
  if (total === 0) return undefined;
  const agrees = low <= high;
  const bounds = agrees ? { low, high } : { low: mean.low / total, high: mean.high / total };
  return { ...bounds, value: Math.min(bounds.high, Math.max(bounds.low, mean.value / total)), agrees };
}

function imbalanceOf(quotes: readonly LadderQuote[]): number | undefined {
  let up = 0;
  let down = 0;
  for (const { sums, bidTicks, askTicks, bidCount, askCount } of quotes) {
    const bids = bidTicks === undefined ? 0 : bidCount;
    const asks = askTicks === undefined ? 0 : askCount;
    const pays = sums.to === Number.POSITIVE_INFINITY;
    up += pays ? bids : asks;
    down += pays ? asks : bids;
  }
  return up + down > 0 ? (up - down) / (up + down) : undefined;
}
