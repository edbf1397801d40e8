import type { MinuteFeature } from '../feature.ts';
import { EXTREME_MINUTES, type MinuteWindows, SAME_HOURS } from '../minute/minute-windows.ts';
import { DAY_MINUTES } from '../minute/new-york.ts';
import { warmUp, windowRead } from '../minute/window-reads.ts';
import { LOG_VARIANCE, MINUTES, spanName, windowed } from './windowed.ts';

const distance = (name: 'high' | 'low', minutes: number): MinuteFeature => {
  const index = (EXTREME_MINUTES.prices as readonly number[]).indexOf(minutes);
  const least = warmUp(minutes);
  const about =
    name === 'high'
      ? `Square of the distance below the highest price of the last ${spanName(minutes)}`
      : `Square of the distance above the lowest price of the last ${spanName(minutes)}`;
  return windowed(name, minutes, LOG_VARIANCE, about, ({ extremes, floors, logClose }) => {
    const extreme = extremes[name];
    if (extreme.covered(index) < least) return Number.NaN;
    // Lows are stored negated.
    const away = extreme.max(index) + (name === 'high' ? -logClose() : logClose());
    return Math.log((away * away) / minutes + floors.distance);
  });
};

const sameHours = (minutes: number): MinuteFeature => {
  const least = Math.ceil(minutes / 2);
  const until = Array.from({ length: SAME_HOURS.days }, (_, day) => (day + 1) * DAY_MINUTES);
  const all = (of: (sum: number, covered: number) => number) =>
    until.map((end) => ({
      from: windowRead('variance', end, of, 0),
      to: windowRead('variance', end - minutes, of, 0),
    }));
  const sums = all((sum) => sum);
  const covers = all((_, covered) => covered);
  const total = (reads: typeof sums, windows: MinuteWindows): number =>
    reads.reduce((each, { from, to }) => each + from(windows) - to(windows), 0);
  return {
    name: `days${minutes}`,
    unit: LOG_VARIANCE,
    about: `Realised variance of the ${minutes} minutes that began at this time of day, over the ${SAME_HOURS.days} days before`,
    source: MINUTES,
    spanMinutes: SAME_HOURS.days * DAY_MINUTES,
    warmUpMinutes: DAY_MINUTES - minutes + least,
    read: (windows) => {
      const covered = total(covers, windows);
      return covered < least
        ? Number.NaN
        : Math.log(total(sums, windows) / covered + windows.floors.variance);
    },
  };
};

/**
 * The `memory` set: how far the price is from its last extremes, and the variance of the same hours on the
 * days before. Variance rises where the price has not been lately, and no trailing variance shows that.
 */
export const memorySet: readonly MinuteFeature[] = [
  ...EXTREME_MINUTES.prices.map((minutes) => distance('high', minutes)),
  ...EXTREME_MINUTES.prices.map((minutes) => distance('low', minutes)),
  ...SAME_HOURS.minutes.map(sameHours),
];
