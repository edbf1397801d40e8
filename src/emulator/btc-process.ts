import { MINUTE, type Micros, SECOND } from '../domain/time.ts';
import type { Random } from './random.ts';
import { season } from './season.ts';
import type { EmulatorSettings } from './settings.ts';

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365 * DAY_SECONDS;

const { exp, floor, sqrt } = Math;

/** Log variance reverts on two scales: days and minutes. `variance` is the stationary one. */
const SLOW = { variance: 0.18, meanLifeSeconds: 1.5 * DAY_SECONDS };
const FAST = { variance: 0.3, meanLifeSeconds: 1_500 };

/** The log index as it moves. */
export interface BtcProcess {
  /** Natural logarithm of dollars. */
  readonly logPrice: () => number;
  /** Moves the whole path, for starting at a given price. */
  readonly shift: (by: number) => void;
  /** Goes from `at` to `at + spanMicros`. */
  readonly advance: (at: Micros, spanMicros: Micros) => void;
  /** Variance per second of the log index at `at`, given the state now, over its mean over all times. */
  readonly activity: (at: Micros) => number;
  /** Expected variance of the log index from `from` (now) to `to`, given the state. */
  readonly expectedVariance: (from: Micros, to: Micros) => number;
}

/**
 * Log price with variance = mean × season × exp(slow + fast), slow and fast Ornstein-Uhlenbeck, plus compound-Poisson jumps;
 * season, volatility and jumps together have the yearly deviation of the settings.
 */
export function btcProcess(settings: EmulatorSettings, random: Random): BtcProcess {
  const { annualisedVolatility, jumpsPerDay, jumpDeviation } = settings;
  const jumpsPerSecond = jumpsPerDay / DAY_SECONDS;
  const jumpVariance = jumpsPerSecond * jumpDeviation ** 2;
  const meanVariance = annualisedVolatility ** 2 / YEAR_SECONDS - jumpVariance;

  let logPrice = 0;
  let slow = sqrt(SLOW.variance) * random.normal();
  let fast = sqrt(FAST.variance) * random.normal();
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
      seasonNow = season(at);
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
      logPrice += sqrt(meanVariance * seasonAt(at) * level() * seconds) * random.normal();
      if (random.uniform() < jumpsPerSecond * seconds) logPrice += jumpDeviation * random.normal();
      slow = slow * slowKeep + slowNoise * random.normal();
      fast = fast * fastKeep + fastNoise * random.normal();
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
        sum += ((next - at) / SECOND) * (meanVariance * season(at) * expected + jumpVariance);
        at = next;
      }
      return sum;
    },
  };
}
