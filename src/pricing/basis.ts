import { HOUR, type Micros } from '../domain/time.ts';
import type { PricingSettings } from './settings.ts';

/** One venue's log difference to the index (index = price·e^mean), followed as a slow state. */
export interface Basis {
  /** Enters the difference to one print of the index, one a second. One that is not finite is ignored. */
  readonly print: (at: Micros, logDifference: number) => void;
  /** Whether the difference over the minute that settled at `at` is one that the state lets happen. */
  readonly explains: (at: Micros, logDifference: number) => boolean;
  /** Enters that difference. One that is not explained is only kept: the next one may confirm it. */
  readonly settlement: (at: Micros, logDifference: number) => void;
  /**
   * The basis as of `at`, and the variance with which the price, moved by the basis, is the index: that of the
   * basis, which grows while nothing is learnt, and the noise. Mean 0 and no variance while it is not known.
   */
  readonly read: (at: Micros) => { readonly mean: number; readonly variance: number | undefined };
  readonly reset: () => void;
}

export type BasisSettings = Pick<
  PricingSettings['twin'],
  | 'basisPrints'
  | 'basisMinPrints'
  | 'errorBasisPoints'
  | 'noiseBasisPoints'
  | 'driftBasisPoints'
  | 'settlementDeviations'
>;

const UNKNOWN = { mean: 0, variance: undefined };
const squared = (basisPoints: number): number => (basisPoints / 10_000) ** 2;
/** Prints in the minute that settles. */
const MINUTE_PRINTS = 60;

/**
 * A Kalman filter of a level that wanders (Harvey 1989, "Forecasting, structural time series models and the
 * Kalman filter", the local level model). Between observations the variance of the level grows by
 * `driftBasisPoints`² an hour, up to that of a basis that was never seen. An observation is the mean
 * difference over the minute that settles, with noise `noiseBasisPoints`; a single print has sixty times its
 * variance, as the noise of neighbouring prints is not independent. The first observation sets the level.
 *
 * A settlement further away than `settlementDeviations` teaches nothing, unless the one after it agrees with
 * it: then the venue has really moved, and both are taken.
 */
export function basis(settings: BasisSettings): Basis {
  const { basisPrints, basisMinPrints, settlementDeviations } = settings;
  const noise = squared(settings.noiseBasisPoints);
  const driftPerMicro = squared(settings.driftBasisPoints) / HOUR;
  const unseen = squared(settings.errorBasisPoints);
  const mostLevel = Math.max(0, unseen - noise);
  let mean = 0;
  /** Variance of the level as of `learntAt`; undefined before the first observation. */
  let level: number | undefined;
  let learntAt: Micros = 0;
  let prints = 0;
  /** Scatter of single prints around the level: what one price at one moment errs by. */
  let scatter = 0;
  let settlements = 0;
  let refused: { readonly at: Micros; readonly logDifference: number } | undefined;

  const drifted = (at: Micros): number | undefined =>
    level === undefined || level >= mostLevel
      ? level
      : Math.min(mostLevel, level + driftPerMicro * Math.max(0, at - learntAt));
  const observe = (at: Micros, logDifference: number, variance: number): void => {
    const before = drifted(at);
    learntAt = Math.max(learntAt, at);
    if (before === undefined) {
      mean = logDifference;
      level = variance;
      return;
    }
    const gain = before / (before + variance);
    mean += gain * (logDifference - mean);
    level = before * (1 - gain);
  };
  const explains = (at: Micros, logDifference: number): boolean => {
    const before = drifted(at);
    const variance = before === undefined ? unseen : before + noise;
    return Math.abs(logDifference - mean) <= settlementDeviations * Math.sqrt(variance);
  };
  const confirms = (at: Micros, logDifference: number): boolean => {
    if (refused === undefined || at <= refused.at) return false;
    const variance = 2 * noise + Math.min(mostLevel, driftPerMicro * (at - refused.at));
    return Math.abs(logDifference - refused.logDifference) <= settlementDeviations * Math.sqrt(variance);
  };
  const reset = (): void => {
    mean = 0;
    level = undefined;
    learntAt = 0;
    prints = 0;
    scatter = 0;
    settlements = 0;
    refused = undefined;
  };
  return {
    print: (at, logDifference) => {
      if (!Number.isFinite(logDifference)) return;
      prints++;
      // West 1979, "Updating mean and variance estimates", in its exponential form.
      const weight = Math.max(1 / basisPrints, 1 / prints);
      scatter = (1 - weight) * (scatter + (level === undefined ? 0 : weight * (logDifference - mean) ** 2));
      observe(at, logDifference, MINUTE_PRINTS * noise);
    },
    explains,
    settlement: (at, logDifference) => {
      if (!Number.isFinite(logDifference)) return;
      if (!explains(at, logDifference)) {
        const before = refused;
        if (before === undefined || !confirms(at, logDifference)) {
          refused = { at, logDifference };
          return;
        }
        level = undefined;
        observe(before.at, before.logDifference, noise);
      }
      refused = undefined;
      settlements++;
      observe(at, logDifference, noise);
    },
    read: (at) => {
      const known = settlements > 0 || prints >= basisMinPrints ? drifted(at) : undefined;
      return known === undefined ? UNKNOWN : { mean, variance: known + Math.max(noise, scatter) };
    },
    reset,
  };
}
