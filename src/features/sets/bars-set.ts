import type { MinuteFeature } from '../feature.ts';
import { EXTREME_MINUTES, VOLUME_FLOOR } from '../minute/minute-windows.ts';
import { DAY_MINUTES, newYorkMinuteOfWeek, WEEK_MINUTES } from '../minute/new-york.ts';
import { logMeanOf, logNetOf, warmUp, windowRead } from '../minute/window-reads.ts';
import { LOG_VARIANCE, MINUTES, spanName as span, windowed } from './windowed.ts';

const WEEKEND_FROM = 5 * DAY_MINUTES;
const SESSION = { from: 9 * 60 + 30, until: 16 * 60 };
const QUARTIC_FLOOR = 1e-18;
const SIZE_FLOOR = 3e-5;

const realised = (minutes: number): MinuteFeature =>
  windowed(
    'rv',
    minutes,
    LOG_VARIANCE,
    `Realised variance of the last ${span(minutes)}`,
    logMeanOf('variance', minutes),
  );
const parkinson = (minutes: number): MinuteFeature =>
  windowed(
    'pk',
    minutes,
    LOG_VARIANCE,
    `Parkinson's range variance of the last ${span(minutes)}`,
    logMeanOf('parkinson', minutes),
  );
const garmanKlass = (minutes: number): MinuteFeature =>
  windowed(
    'gk',
    minutes,
    LOG_VARIANCE,
    `Garman-Klass variance of the last ${span(minutes)}`,
    logMeanOf('garmanKlass', minutes),
  );
const bipower = (minutes: number): MinuteFeature =>
  windowed(
    'bv',
    minutes,
    LOG_VARIANCE,
    `Bipower variation of the last ${span(minutes)}, which jumps leave alone`,
    logMeanOf('bipower', minutes),
  );
const coarse = (minutes: number): MinuteFeature =>
  windowed(
    'coarse',
    minutes,
    LOG_VARIANCE,
    `Variance of five-minute moves in the last ${span(minutes)}`,
    logMeanOf('coarse', minutes),
  );

const jump = (minutes: number): MinuteFeature => {
  const variance = windowRead('variance', minutes, (sum, covered) => sum / covered);
  const smooth = windowRead('bipower', minutes, (sum, covered) => sum / covered);
  return windowed(
    'jump',
    minutes,
    'share',
    `Share of jumps in the variance of the last ${span(minutes)}: 1 less bipower over realised, at least 0`,
    (windows) => {
      const all = variance(windows);
      return all > 0 ? Math.max(0, 1 - smooth(windows) / all) : all * 0;
    },
  );
};
const down = (minutes: number): MinuteFeature => {
  const all = windowRead('variance', minutes, (sum) => sum);
  const falls = windowRead('down', minutes, (sum) => sum);
  return windowed(
    'down',
    minutes,
    'share',
    `Share of falls in the variance of the last ${span(minutes)} (realised semivariance), a half when nothing moved`,
    (windows) => {
      const sum = all(windows);
      return sum > 0 ? falls(windows) / sum : 0.5 + sum;
    },
  );
};
const quarticity = (minutes: number): MinuteFeature =>
  windowed(
    'rq',
    minutes,
    'log return⁴ per minute',
    `Realised quarticity of the last ${span(minutes)}`,
    logMeanOf('quartic', minutes, QUARTIC_FLOOR),
  );
const net = (minutes: number): MinuteFeature =>
  windowed(
    'net',
    minutes,
    LOG_VARIANCE,
    `Square of the whole move over the last ${span(minutes)}`,
    logNetOf(minutes),
  );
const move = (minutes: number): MinuteFeature =>
  windowed(
    'ret',
    minutes,
    'log return',
    `Move over the last ${span(minutes)}`,
    windowRead('net', minutes, (sum) => sum),
  );
const volume = (minutes: number): MinuteFeature =>
  windowed(
    'vol',
    minutes,
    'log coins per minute',
    `Mean volume of the last ${span(minutes)}`,
    logMeanOf('volume', minutes, VOLUME_FLOOR),
  );
const volumeAgainstDay = (minutes: number): MinuteFeature => {
  const now = logMeanOf('volume', minutes, VOLUME_FLOOR);
  const usual = windowRead('logVolume', DAY_MINUTES, (sum, covered) => sum / covered);
  const feature = windowed(
    'volZ',
    minutes,
    'log ratio',
    `Mean volume of the last ${span(minutes)} against the day's geometric mean`,
    (windows) => now(windows) - usual(windows),
  );
  return { ...feature, warmUpMinutes: warmUp(DAY_MINUTES) };
};
const range = (minutes: number): MinuteFeature => {
  const index = (EXTREME_MINUTES.prices as readonly number[]).indexOf(minutes);
  const least = warmUp(minutes);
  return windowed(
    'range',
    minutes,
    LOG_VARIANCE,
    `Parkinson's variance of the one range of the last ${span(minutes)}`,
    ({ extremes: { high, low }, floors }) => {
      if (high.covered(index) < least) return Number.NaN;
      const wide = high.max(index) + low.max(index);
      return Math.log((wide * wide) / (4 * Math.LN2 * minutes) + floors.variance);
    },
  );
};
const sizes = (minutes: number): MinuteFeature =>
  windowed(
    'abs',
    minutes,
    LOG_VARIANCE,
    `Squared mean size of the returns of the last ${span(minutes)}, which one large move hardly lifts`,
    windowRead('size', minutes, (sum, covered) => 2 * Math.log(sum / covered + SIZE_FLOOR)),
  );
const largest = (minutes: number): MinuteFeature => {
  const index = (EXTREME_MINUTES.squares as readonly number[]).indexOf(minutes);
  const least = warmUp(minutes);
  return windowed(
    'max',
    minutes,
    'log return²',
    `Largest squared return of the last ${span(minutes)}`,
    ({ extremes: { square }, floors }) =>
      square.covered(index) < least ? Number.NaN : Math.log(square.max(index) + floors.variance),
  );
};
const calendar = (
  name: string,
  unit: string,
  about: string,
  of: (minuteOfWeek: number) => number,
): MinuteFeature => ({
  name,
  unit,
  about,
  source: MINUTES,
  spanMinutes: 0,
  warmUpMinutes: 0,
  read: (_, at) => of(newYorkMinuteOfWeek(at)),
});
const inSession = (minute: number): boolean =>
  minute < WEEKEND_FROM && minute % DAY_MINUTES >= SESSION.from && minute % DAY_MINUTES < SESSION.until;

/**
 * The `bars` set: the trees' features of one-minute bars, in order. The calendar is New York's, at the
 * origin.
 */
export const barsSet: readonly MinuteFeature[] = [
  ...[5, 15, 60, 120, 240, 720, DAY_MINUTES, WEEK_MINUTES].map(realised),
  ...[1, 5, 15, 240].map(parkinson),
  garmanKlass(15),
  bipower(DAY_MINUTES),
  jump(DAY_MINUTES),
  ...[15, 240].map(down),
  quarticity(60),
  ...[15, 60, 240].map(net),
  ...[5, 15, 60, 240, DAY_MINUTES].map(move),
  ...[15, 60, 240, DAY_MINUTES].map(range),
  ...[15, 240].map(sizes),
  largest(240),
  ...[DAY_MINUTES, WEEK_MINUTES].map(coarse),
  ...[5, 15, 60, DAY_MINUTES].map(volume),
  volumeAgainstDay(60),
  calendar('hourOfWeek', 'hour', 'Hour of the week, Monday 00:00 is 0', (minute) => Math.floor(minute / 60)),
  calendar('minuteOfDay', 'minute', 'Minute of the day', (minute) => minute % DAY_MINUTES),
  calendar('minuteOfHour', 'minute', 'Minute of the hour', (minute) => minute % 60),
  calendar('weekend', 'flag', 'Saturday or Sunday', (minute) => (minute >= WEEKEND_FROM ? 1 : 0)),
  calendar('usSession', 'flag', "New York's stock market is open (holidays are not known)", (minute) =>
    inSession(minute) ? 1 : 0,
  ),
];
