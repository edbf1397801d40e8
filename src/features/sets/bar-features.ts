import type { MinuteFeature } from '../feature.ts';
import type { Measure } from '../minute/minute-windows.ts';
import { WEEK_MINUTES } from '../minute/new-york.ts';
import { logMeanOf, logNetOf } from '../minute/window-reads.ts';
import { LOG_VARIANCE, windowed } from './windowed.ts';

const logMean = (measure: Measure, label: string, minutes: number): MinuteFeature =>
  windowed(
    measure,
    minutes,
    LOG_VARIANCE,
    `${label} over the last ${minutes} minutes`,
    logMeanOf(measure, minutes),
  );

const logNetMove = (minutes: number): MinuteFeature =>
  windowed(
    'net',
    minutes,
    LOG_VARIANCE,
    `Square of the whole move over the last ${minutes} minutes: trends make it larger than realised variance, bounces smaller`,
    logNetOf(minutes),
  );

/**
 * The features of the shipped backbone, all from one-minute bars: lags of realised variance (Corsi 2009),
 * ranges, bipower variation, net moves.
 */
export const barFeatures: readonly MinuteFeature[] = [
  ...[5, 15, 30, 60, 120, 240, 1_440, WEEK_MINUTES].map((minutes) =>
    logMean('variance', 'Realised variance', minutes),
  ),
  ...[5, 15, 60].map((minutes) => logMean('parkinson', "Parkinson's range variance", minutes)),
  logMean('garmanKlass', 'Garman-Klass variance', 15),
  logMean('bipower', 'Bipower variation, which jumps leave alone,', 60),
  ...[15, 60, 240].map(logNetMove),
  ...[1_440, WEEK_MINUTES].map((minutes) => logMean('coarse', 'Variance of five-minute moves', minutes)),
];
