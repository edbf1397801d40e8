import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import { type SeasonName, season } from './season.ts';
import type { Shocks } from './shocks.ts';

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365 * DAY_SECONDS;

const { exp, floor, sqrt } = Math;

/** Log variance reverts on two scales: days and minutes. `variance` is the stationary one. */
const SLOW = { variance: 0.18, meanLifeSeconds: 1.5 * DAY_SECONDS };
const FAST = { variance: 0.3, meanLifeSeconds: 1_500 };

/** The parameters of a price's moves. */
export interface PriceParameters {
  /** Yearly deviation of the log price over all hours, jumps included. */
  readonly annualisedVolatility: number;
  readonly jumpsPerDay: number;
  /** Deviation of one jump of the log price. */
  readonly jumpDeviation: number;
  /** The shape of the week; `stylised` when absent. */
  readonly season?: SeasonName | undefined;
}

/** The process of the log index. */
export interface PriceProcess {
  /** Natural logarithm of dollars. */
  readonly logPrice: () => number;
  /** Shifts the whole path, to start at a given price. */
  readonly shift: (by: number) => void;
  /** Advances from `at` to `at + spanMicros`. */
  readonly advance: (at: Micros, spanMicros: Micros) => void;
  /** Variance per second of the log index at `at`, given the state now, over its mean over all times. */
  readonly activity: (at: Micros) => number;
  /** Expected variance of the log index from `from` (now) to `to`, given the state. */
  readonly expectedVariance: (from: Micros, to: Micros) => number;
}

/**
 * Log price with variance = mean × season × exp(slow + fast), slow and fast Ornstein-Uhlenbeck, plus
 * compound-Poisson jumps; season, volatility and jumps together have the requested yearly deviation.
 */
export function priceProcess(
  { annualisedVolatility, jumpsPerDay, jumpDeviation, season: name }: PriceParameters,
  { normal, uniform }: Shocks,
): PriceProcess {
  const jumpsPerSecond = jumpsPerDay / DAY_SECONDS;
  const jumpVariance = jumpsPerSecond * jumpDeviation ** 2;
  const meanVariance = annualisedVolatility ** 2 / YEAR_SECONDS - jumpVariance;

  let logPrice = 0;
  let slow = sqrt(SLOW.variance) * normal('slow');
  let fast = sqrt(FAST.variance) * normal('fast');
  let minute = Number.NaN;
  let seasonNow = 1;
  let stepSpan = 0;
  let slowKeep = 1;
  let slowNoise = 0;
  let fastKeep = 1;
  let fastNoise = 0;

  const useSpan = (seconds: number) => {
    stepSpan = seconds;
    slowKeep = exp(-seconds / SLOW.meanLifeSeconds);
    slowNoise = sqrt(SLOW.variance * (1 - slowKeep ** 2));
    fastKeep = exp(-seconds / FAST.meanLifeSeconds);
    fastNoise = sqrt(FAST.variance * (1 - fastKeep ** 2));
  };
  const seasonAt = (at: Micros) => {
    const now = floor(at / MINUTE);
    if (now !== minute) {
      minute = now;
      seasonNow = season(at, name);
    }
    return seasonNow;
  };
  const level = () => exp(slow + fast - (SLOW.variance + FAST.variance) / 2);

  return {
    logPrice: () => logPrice,
    shift: (by) => {
      logPrice += by;
    },
    advance: (at, spanMicros) => {
      const seconds = spanMicros / SECOND;
      if (seconds !== stepSpan) useSpan(seconds);
      logPrice += sqrt(meanVariance * seasonAt(at) * level() * seconds) * normal('price');
      if (uniform() < jumpsPerSecond * seconds) logPrice += jumpDeviation * normal('jump');
      slow = slow * slowKeep + slowNoise * normal('slow');
      fast = fast * fastKeep + fastNoise * normal('fast');
    },
    activity: (at) => seasonAt(at) * level(),
    expectedVariance: (from, to) => {
      let sum = 0;
      // E[exp(x(s) − var/2) | x(0)] = exp(x·k − var·k²/2) with k = exp(−s / mean life).
      for (let at = from; at < to; ) {
        const next = Math.min(to, (Math.floor(at / MINUTE) + 1) * MINUTE);
        const aheadSeconds = ((at + next) / 2 - from) / SECOND;
        const ks = exp(-aheadSeconds / SLOW.meanLifeSeconds);
        const kf = exp(-aheadSeconds / FAST.meanLifeSeconds);
        const expected = exp(
          slow * ks - (SLOW.variance * ks * ks) / 2 + fast * kf - (FAST.variance * kf * kf) / 2,
        );
        sum += ((next - at) / SECOND) * (meanVariance * season(at, name) * expected + jumpVariance);
        at = next;
      }
      return sum;
    },
  };
}
