import type { Feature } from './feature.ts';
import type { Measure } from './minute-windows.ts';
import { WEEK_MINUTES } from './new-york.ts';
import { logMeanOf, logNetOf, warmUp } from './window-reads.ts';

const UNIT = 'log variance per minute';

const logMean = (measure: Measure, label: string, minutes: number): Feature => ({
  name: `${measure}${minutes}`,
  unit: UNIT,
  about: `${label} over the last ${minutes} minutes`,
  spanMinutes: minutes,
  warmUpMinutes: warmUp(minutes),
  read: logMeanOf(measure, minutes),
});

const logNetMove = (minutes: number): Feature => ({
  name: `net${minutes}`,
  unit: UNIT,
  about: `Square of the whole move over the last ${minutes} minutes: trends make it larger than realised variance, bounces smaller`,
  spanMinutes: minutes,
  warmUpMinutes: warmUp(minutes),
  read: logNetOf(minutes),
});

/** What the shipped models read, all from one-minute bars: lags of realised variance (Corsi 2009), ranges, bipower variation, net moves. */
export const barFeatures: readonly Feature[] = [
  ...[5, 15, 30, 60, 120, 240, 1_440, WEEK_MINUTES].map((minutes) =>
    logMean('variance', 'Realised variance', minutes),
  ),
  ...[5, 15, 60].map((minutes) => logMean('parkinson', "Parkinson's range variance", minutes)),
  logMean('garmanKlass', 'Garman-Klass variance', 15),
  logMean('bipower', 'Bipower variation, which jumps leave alone,', 60),
  ...[15, 60, 240].map(logNetMove),
  ...[1_440, WEEK_MINUTES].map((minutes) => logMean('coarse', 'Variance of five-minute moves', minutes)),
];
