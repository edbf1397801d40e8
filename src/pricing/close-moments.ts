import { unitsPerDollar } from '../domain/asset.ts';
import type { TailKnot, VariancePath } from '../domain/events/forecast.ts';
import type { IndexValue } from '../domain/events/market.ts';
import { SETTLEMENT_PRINTS } from '../domain/settlement-sums.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import { type StudentT, studentT } from '../maths/student-t.ts';
import { tailOf } from '../maths/tail-of.ts';
import { varianceBetween } from '../maths/variance-between.ts';
import type { PrintWindow } from './print-window.ts';
import type { PricingSettings } from './settings.ts';

/** Everything that the settlement value of one close depends on, as of `now`. */
export interface SettlementInput {
  readonly closeAt: Micros;
  readonly now: Micros;
  readonly index: IndexValue | undefined;
  readonly prints: PrintWindow;
  readonly path: VariancePath;
  readonly tails: readonly TailKnot[];
}

/** Why a contract cannot be priced. */
export type UnpricedReason =
  | 'closed'
  | 'floorUnknown'
  | 'noForecast'
  | 'noIndex'
  | 'noStrike'
  | 'notANumber'
  | 'printMissing'
  | 'tooNearClose'
  | 'twinNearClose';

/**
 * The distribution of the part that is still open. The mean of the `remaining` prints is
 * `centreUnits`·e^(sdLog·scale·t), with t distributed as `law`. The settlement value is (`seenUnits` + the
 * sum of those prints) / 60.
 */
export interface OpenMoments {
  readonly kind: 'open';
  readonly closeAt: Micros;
  /** Sum of the window's prints already seen, and how many are still to come. */
  readonly seenUnits: number;
  readonly remaining: number;
  /** Median of the mean of the prints to come: the index, with its logarithm lowered by half the variance. */
  readonly centreUnits: number;
  readonly logDrift: number;
  /**
   * Variance of the log of the mean of the prints to come. It has two parts: from future moves of the index,
   * and from not knowing its present value exactly.
   */
  readonly diffusion: number;
  readonly indexVariance: number;
  readonly sdLog: number;
  /** Effective number of one-second steps, (Σw²)²/Σw⁴. The tail is chosen by it. */
  readonly spanSeconds: number;
  readonly law: StudentT;
  readonly scale: number;
  /**
   * The floor, if the contract does not have it yet: computed from prints, or the expected one. With an
   * expected floor, the variances are those of the difference between settlement value and floor.
   */
  readonly floorUnits: number | undefined;
}

/** The settlement value is certain, since all sixty prints were seen. */
export interface SettledMoments {
  readonly kind: 'settled';
  readonly closeAt: Micros;
  readonly valueUnits: number;
  /** Sum of the sixty prints; left out where only the rounded value is known. */
  readonly sumUnits?: number;
  readonly floorUnits: number | undefined;
}

/** No price can be given for this close, and why. */
export interface Unpriced {
  readonly kind: 'unpriced';
  readonly why: UnpricedReason;
}

export type CloseMoments = OpenMoments | SettledMoments | Unpriced;

/**
 * The distribution of the settlement value V of one close, shared by all its strikes.
 *
 * V is the mean of the prints stamped T−60 s … T−1 s. With v(u) the variance of the log index over the u
 * seconds after the last print used, the mean M of the n prints to come has Var[ln M] = (1/n²)·Σ
 * v(u_i)·(2(n−i)+1), because two prints share the variance up to the earlier one. With a constant variance σ²
 * a second over the whole window that is σ²·(τ − 40.497 s), where τ is the time to the close. The index is a
 * martingale, so its log drifts by −½ of that.
 */
export function closeMoments(input: SettlementInput, settings: PricingSettings['law']): CloseMoments {
  const { closeAt, now } = input;
  const valueUnits = input.prints.settledValueUnits(closeAt);
  if (valueUnits !== undefined) {
    const { units: sumUnits } = input.prints.sum(closeAt - SETTLEMENT_PRINTS * SECOND, closeAt);
    return { kind: 'settled', closeAt, valueUnits, sumUnits, floorUnits: undefined };
  }
  if (!(now < closeAt)) return unpriced('closed');
  if (closeAt - now < settings.minToCloseMicros) return unpriced('tooNearClose');
  const base = newestIndex(input);
  if (base === undefined) return unpriced('noIndex');
  if (base.source === 'twin' && closeAt - now < settings.minTwinToCloseMicros)
    return unpriced('twinNearClose');
  const open = printsToCome(input.prints, closeAt, base.at, settings.printLagMicros);
  if (open === undefined) return unpriced('printMissing');

  const { remaining, nextAt, seenUnits } = open;
  const diffusion = meanOfPrints(input.path, base.at, nextAt, remaining).variance;
  const beforeSeconds = Math.max(0, nextAt - base.at) / SECOND;
  return openMoments({
    closeAt,
    base,
    seenUnits,
    remaining,
    diffusion,
    indexVariance: base.variance,
    logDrift: -0.5 * diffusion,
    steps: {
      square: beforeSeconds + squares(remaining - 1) / remaining ** 2,
      fourth: beforeSeconds + fourths(remaining - 1) / remaining ** 4,
    },
    tails: input.tails,
    floorUnits: undefined,
  });
}

/**
 * The same distribution if the forecast standard deviation were `factor` times as large. The tail's shape
 * stays.
 */
export function scaleVolatility(moments: OpenMoments, factor: number): OpenMoments {
  const diffusion = moments.diffusion * factor ** 2;
  const logDrift = moments.logDrift * factor ** 2;
  return {
    ...moments,
    diffusion,
    logDrift,
    centreUnits: moments.centreUnits * Math.exp(logDrift - moments.logDrift),
    sdLog: Math.sqrt(diffusion + moments.indexVariance),
  };
}

/** Checks and completes a distribution. If any number is not positive and finite, the close is unpriced. */
export function openMoments(parts: {
  readonly closeAt: Micros;
  readonly base: IndexBase;
  readonly seenUnits: number;
  readonly remaining: number;
  readonly diffusion: number;
  readonly indexVariance: number;
  readonly logDrift: number;
  readonly steps: { readonly square: number; readonly fourth: number };
  readonly tails: readonly TailKnot[];
  readonly floorUnits: number | undefined;
}): OpenMoments | Unpriced {
  const { closeAt, base, seenUnits, remaining, diffusion, indexVariance, logDrift, steps, floorUnits } =
    parts;
  const spanSeconds = steps.square ** 2 / steps.fourth;
  const { nu, scale } = tailOf(parts.tails, spanSeconds);
  if (!(diffusion > 0 && diffusion < 1 && nu > 0 && scale > 0 && scale < 1e6)) return unpriced('noForecast');
  if (!(base.units > 0 && base.units < 1e15 && indexVariance >= 0 && indexVariance < 1))
    return unpriced('notANumber');
  return {
    kind: 'open',
    closeAt,
    seenUnits,
    remaining,
    centreUnits: base.units * Math.exp(logDrift),
    logDrift,
    diffusion,
    indexVariance,
    sdLog: Math.sqrt(diffusion + indexVariance),
    spanSeconds,
    law: studentT(nu),
    scale,
    floorUnits,
  };
}

/** Whether both say the same of every settlement value. */
export function sameLaw(a: CloseMoments, b: CloseMoments): boolean {
  if (a === b) return true;
  if (a.kind === 'unpriced' || b.kind === 'unpriced')
    return a.kind === 'unpriced' && b.kind === 'unpriced' && a.why === b.why;
  if (a.closeAt !== b.closeAt || a.floorUnits !== b.floorUnits) return false;
  if (a.kind === 'settled' || b.kind === 'settled')
    return (
      a.kind === 'settled' &&
      b.kind === 'settled' &&
      a.valueUnits === b.valueUnits &&
      a.sumUnits === b.sumUnits
    );
  return (
    a.seenUnits === b.seenUnits &&
    a.remaining === b.remaining &&
    a.centreUnits === b.centreUnits &&
    a.logDrift === b.logDrift &&
    a.diffusion === b.diffusion &&
    a.indexVariance === b.indexVariance &&
    a.spanSeconds === b.spanSeconds &&
    a.law.nu === b.law.nu &&
    a.scale === b.scale
  );
}

export const unpriced = (why: UnpricedReason): Unpriced => ({ kind: 'unpriced', why });

/** The value of the index, in its units, and its time. Variance is counted from here. */
export interface IndexBase {
  readonly at: Micros;
  readonly units: number;
  readonly variance: number;
  readonly source: 'prints' | 'twin';
}

/** The index value, or the newest print if that is at least as new. */
export function newestIndex({
  index,
  prints,
}: Pick<SettlementInput, 'index' | 'prints'>): IndexBase | undefined {
  const print = prints.latest();
  if (print !== undefined && !(index !== undefined && index.at > print.at))
    return { at: print.at, units: print.units, variance: 0, source: 'prints' };
  const { indexDecimals } = prints;
  return (
    index && {
      at: index.at,
      units: index.value * unitsPerDollar({ indexDecimals }),
      variance: index.variance,
      source: index.source,
    }
  );
}

/** The prints of a window that are still to come, or undefined where one that should have come is missing. */
export function printsToCome(prints: PrintWindow, closeAt: Micros, baseAt: Micros, lagMicros: Micros) {
  const firstAt = closeAt - SETTLEMENT_PRINTS * SECOND;
  const latestAt = prints.latest()?.at ?? Number.NEGATIVE_INFINITY;
  if (latestAt < firstAt && baseAt - lagMicros <= firstAt)
    return { seenUnits: 0, remaining: SETTLEMENT_PRINTS, nextAt: firstAt };
  const seen = prints.sum(firstAt, closeAt);
  const nextAt = firstAt + seen.count * SECOND;
  const hole = latestAt >= nextAt || nextAt < baseAt - lagMicros;
  return hole ? undefined : { seenUnits: seen.units, remaining: SETTLEMENT_PRINTS - seen.count, nextAt };
}

// The share of the window's variance that the mean of the prints keeps, if the variance is even over a whole
// window: (1/60²)·Σ (i−1)/59·(2(60−i)+1).
const EVEN_SHARE = squares(SETTLEMENT_PRINTS - 1) / SETTLEMENT_PRINTS ** 2 / (SETTLEMENT_PRINTS - 1);

/**
 * If a window begins at least this far ahead, its variance is taken as even between its first and last print,
 * as in a path that is linear inside minutes.
 */
const EVEN_FROM = 120 * SECOND;

/**
 * Variance of the mean of `remaining` log prints, counted from `baseAt`. The first print is at `nextAt`, and
 * then one comes every second. Also the mean of their variances, which is the covariance of that mean with
 * the log index at any later time.
 */
export function meanOfPrints(path: VariancePath, baseAt: Micros, nextAt: Micros, remaining: number) {
  if (remaining === SETTLEMENT_PRINTS && nextAt - baseAt > EVEN_FROM - SETTLEMENT_PRINTS * SECOND) {
    const before = varianceBetween(path, baseAt, nextAt);
    const within = varianceBetween(path, nextAt, nextAt + (SETTLEMENT_PRINTS - 1) * SECOND);
    return { variance: before + within * EVEN_SHARE, average: before + within / 2 };
  }
  let weighted = 0;
  let total = 0;
  for (let i = 1; i <= remaining; i++) {
    const at = nextAt + (i - 1) * SECOND;
    // A print that is due but late counts as the base value itself.
    const variance = at > baseAt ? varianceBetween(path, baseAt, at) : 0;
    weighted += variance * (2 * (remaining - i) + 1);
    total += variance;
  }
  return { variance: weighted / remaining ** 2, average: total / remaining };
}

/** 1² + … + m². */
export function squares(m: number): number {
  return (m * (m + 1) * (2 * m + 1)) / 6;
}

/** 1⁴ + … + m⁴. */
export function fourths(m: number): number {
  return (m * (m + 1) * (2 * m + 1) * (3 * m * m + 3 * m - 1)) / 30;
}
