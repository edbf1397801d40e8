import type { Tail, VariancePath } from '../domain/events/forecast.ts';
import type { IndexValue } from '../domain/events/market.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import { type StudentT, studentT } from '../maths/student-t.ts';
import { type PrintWindow, SETTLEMENT_PRINTS } from './print-window.ts';
import type { PricingSettings } from './settings.ts';

/** What the settlement value of one close depends on, as of `now`. */
export interface SettlementInput {
  readonly closeAt: Micros;
  readonly now: Micros;
  readonly index: IndexValue | undefined;
  readonly prints: PrintWindow;
  readonly path: VariancePath;
  readonly tail: (spanSeconds: number) => Tail;
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
 * The law of what is still open: the mean of the `remaining` prints is `centreUnits`·e^(sdLog·scale·t), t of `law`.
 * The settlement value is (`seenUnits` + that sum) / 60.
 */
export interface OpenMoments {
  readonly kind: 'open';
  readonly closeAt: Micros;
  /** Sum of the window's prints already seen, and how many are still to come. */
  readonly seenUnits: number;
  readonly remaining: number;
  /** Median of the mean to come: the index less half its variance. */
  readonly centreUnits: number;
  readonly logDrift: number;
  /** Variance of the log of the mean to come: what the index will do, and what we do not know of it now. */
  readonly diffusion: number;
  readonly indexVariance: number;
  readonly sdLog: number;
  /** Effective number of one-second steps, (Σw²)²/Σw⁴, by which the tail was chosen. */
  readonly spanSeconds: number;
  readonly law: StudentT;
  readonly scale: number;
  /** The strike, where the contract does not have it yet: computed from prints, or expected (then the variances are of the difference). */
  readonly floorUnits: number | undefined;
}

/** The close is certain: all sixty prints were seen. */
export interface SettledMoments {
  readonly kind: 'settled';
  readonly closeAt: Micros;
  readonly valueUnits: number;
  readonly floorUnits: number | undefined;
}

/** Nothing can be said of this close, and why. */
export interface Unpriced {
  readonly kind: 'unpriced';
  readonly why: UnpricedReason;
}

export type CloseMoments = OpenMoments | SettledMoments | Unpriced;

/**
 * The law of one close, shared by all its strikes.
 *
 * V is the mean of the prints stamped T−60 s … T−1 s. With v(u) the variance of the log index over the u seconds after the last print used,
 * the mean of the n prints to come has Var[ln M] = (1/n²)·Σ v(u_i)·(2(n−i)+1), because two of them share the variance up to the earlier;
 * at constant variance σ² over the whole window that is σ²·(τ − 40.497 s). The index is a martingale, so its log drifts by −½ of that.
 */
export function closeMoments(input: SettlementInput, settings: PricingSettings['law']): CloseMoments {
  const { closeAt, now } = input;
  const valueUnits = input.prints.settledValueUnits(closeAt);
  if (valueUnits !== undefined) return { kind: 'settled', closeAt, valueUnits, floorUnits: undefined };
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
    tail: input.tail,
    floorUnits: undefined,
  });
}

/** The same law, had the forecast standard deviation been `factor` times what it is. The tail's shape stays. */
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

/** Checks and completes a law; anything that is not a positive finite number leaves the close unpriced. */
export function openMoments(parts: {
  readonly closeAt: Micros;
  readonly base: IndexBase;
  readonly seenUnits: number;
  readonly remaining: number;
  readonly diffusion: number;
  readonly indexVariance: number;
  readonly logDrift: number;
  readonly steps: { readonly square: number; readonly fourth: number };
  readonly tail: (spanSeconds: number) => Tail;
  readonly floorUnits: number | undefined;
}): OpenMoments | Unpriced {
  const { closeAt, base, seenUnits, remaining, diffusion, indexVariance, logDrift, steps, floorUnits } =
    parts;
  const spanSeconds = steps.square ** 2 / steps.fourth;
  const { nu, scale } = parts.tail(spanSeconds);
  if (!(diffusion > 0 && diffusion < 1 && nu > 0 && scale > 0 && scale < 1e6)) return unpriced('noForecast');
  if (!(base.cents > 0 && base.cents < 1e15 && indexVariance >= 0 && indexVariance < 1))
    return unpriced('notANumber');
  return {
    kind: 'open',
    closeAt,
    seenUnits,
    remaining,
    centreUnits: base.cents * Math.exp(logDrift),
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

export const unpriced = (why: UnpricedReason): Unpriced => ({ kind: 'unpriced', why });

/** Where the index stands: the value from which variance is counted. */
export interface IndexBase {
  readonly at: Micros;
  readonly cents: number;
  readonly variance: number;
  readonly source: 'brti' | 'twin';
}

/** The index value, or the newest print where that is as new. */
export function newestIndex({ index, prints }: SettlementInput): IndexBase | undefined {
  const print = prints.latest();
  if (print !== undefined && !(index !== undefined && index.at > print.at))
    return { at: print.at, cents: print.cents, variance: 0, source: 'brti' };
  return index && { at: index.at, cents: index.value * 100, variance: index.variance, source: index.source };
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
  return hole ? undefined : { seenUnits: seen.cents, remaining: SETTLEMENT_PRINTS - seen.count, nextAt };
}

// For a whole window whose variance runs evenly: the share of it that the mean keeps, (1/60²)·Σ (i−1)/59·(2(60−i)+1).
const EVEN_SHARE = squares(SETTLEMENT_PRINTS - 1) / SETTLEMENT_PRINTS ** 2 / (SETTLEMENT_PRINTS - 1);

/** From this far ahead a window is taken to run evenly between its first and last print, as a path that is linear inside minutes does. */
const EVEN_FROM = 120 * SECOND;

/**
 * Variance of the mean of `remaining` log prints, the first at `nextAt` and then every second, counted from `baseAt`; and the mean of their
 * variances, which is the covariance of that mean with the log index at any later time.
 */
export function meanOfPrints(path: VariancePath, baseAt: Micros, nextAt: Micros, remaining: number) {
  if (remaining === SETTLEMENT_PRINTS && nextAt - baseAt > EVEN_FROM - SETTLEMENT_PRINTS * SECOND) {
    const before = path.between(baseAt, nextAt);
    const within = path.between(nextAt, nextAt + (SETTLEMENT_PRINTS - 1) * SECOND);
    return { variance: before + within * EVEN_SHARE, average: before + within / 2 };
  }
  let weighted = 0;
  let total = 0;
  for (let i = 1; i <= remaining; i++) {
    const at = nextAt + (i - 1) * SECOND;
    // A print that is due but late is the base itself.
    const variance = at > baseAt ? path.between(baseAt, at) : 0;
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
