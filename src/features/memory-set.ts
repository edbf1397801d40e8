import { type BarsFeature, LOG_VARIANCE, spanName, windowed } from './bars-feature.ts';
import { EXTREME_MINUTES, type MinuteWindows, SAME_HOURS } from './minute-windows.ts';
import { DAY_MINUTES } from './new-york.ts';
import { VARIANCE_FLOOR, warmUp, windowRead } from './window-reads.ts';

/** Added to a squared distance per minute before its logarithm: a basis point of a week's distance is still told from none. */
const DISTANCE_FLOOR = 1e-12;

const distance = (name: 'high' | 'low', minutes: number): BarsFeature => {
  const index = (EXTREME_MINUTES.prices as readonly number[]).indexOf(minutes);
  const least = warmUp(minutes);
  const about =
    name === 'high'
      ? `Square of the distance below the highest price of the last ${spanName(minutes)}`
      : `Square of the distance above the lowest price of the last ${spanName(minutes)}`;
  return windowed(name, minutes, LOG_VARIANCE, about, ({ extremes, logClose }) => {
    const extreme = extremes[name];
    if (extreme.covered(index) < least) return Number.NaN;
    // Lows are kept negated.
    const away = extreme.max(index) + (name === 'high' ? -logClose() : logClose());
    return Math.log((away * away) / minutes + DISTANCE_FLOOR);
  });
};

const sameHours = (minutes: number): BarsFeature => {
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
    warmUpMinutes: DAY_MINUTES - minutes + least,
    read: (windows) => {
      const covered = total(covers, windows);
      return covered < least ? Number.NaN : Math.log(total(sums, windows) / covered + VARIANCE_FLOOR);
    },
  };
};

/**
 * The `memory` set: how far the price stands from where it turned, and what the same hours were like on the days before. Ground that the price has not been on
 * lately is where variance rises; no trailing variance says so.
 */
export const memorySet: readonly BarsFeature[] = [
  ...EXTREME_MINUTES.prices.map((minutes) => distance('high', minutes)),
  ...EXTREME_MINUTES.prices.map((minutes) => distance('low', minutes)),
  ...SAME_HOURS.minutes.map(sameHours),
];
