import type { Feature } from './feature.ts';
import { type Measure, WINDOW_MINUTES } from './minute-windows.ts';

/** Added to every variance per minute before its logarithm: a deviation of 0.3 bp a minute, under which Kraken's ticks are all there is to see. */
export const VARIANCE_FLOOR = 1e-9;

/** The same for the square of a net move, which may be 0 by chance. */
const NET_FLOOR = 1e-8;

const UNIT = 'log variance per minute';

// Half of a window must be good. A day's and a week's may start from what Kraken's REST history gives at once (720 minutes).
const warmUp = (minutes: number): number => Math.min(Math.ceil(minutes / 2), 600);

const logMean = (measure: Measure, label: string, minutes: number, index: number): Feature => ({
  name: `${measure}${minutes}`,
  unit: UNIT,
  about: `${label} over the last ${minutes} minutes`,
  spanMinutes: minutes,
  warmUpMinutes: warmUp(minutes),
  read: (windows) => {
    const sums = windows.of(measure);
    const covered = sums.covered(index);
    return covered < warmUp(minutes) ? Number.NaN : Math.log(sums.sum(index) / covered + VARIANCE_FLOOR);
  },
});

const logNetMove = (minutes: number, index: number): Feature => ({
  name: `net${minutes}`,
  unit: UNIT,
  about: `Square of the whole move over the last ${minutes} minutes: trends make it larger than realised variance, bounces smaller`,
  spanMinutes: minutes,
  warmUpMinutes: warmUp(minutes),
  read: (windows) => {
    const sums = windows.of('net');
    const covered = sums.covered(index);
    return covered < warmUp(minutes) ? Number.NaN : Math.log(sums.sum(index) ** 2 / covered + NET_FLOOR);
  },
});

/** What the shipped models read, all from one-minute bars: lags of realised variance (Corsi 2009), ranges, bipower variation, net moves. */
export const barFeatures: readonly Feature[] = [
  ...WINDOW_MINUTES.variance.map((minutes, i) => logMean('variance', 'Realised variance', minutes, i)),
  ...WINDOW_MINUTES.parkinson.map((minutes, i) =>
    logMean('parkinson', "Parkinson's range variance", minutes, i),
  ),
  ...WINDOW_MINUTES.garmanKlass.map((minutes, i) =>
    logMean('garmanKlass', 'Garman-Klass variance', minutes, i),
  ),
  ...WINDOW_MINUTES.bipower.map((minutes, i) =>
    logMean('bipower', 'Bipower variation, which jumps leave alone,', minutes, i),
  ),
  ...WINDOW_MINUTES.net.map(logNetMove),
  ...WINDOW_MINUTES.coarse.map((minutes, i) =>
    logMean('coarse', 'Variance of five-minute moves', minutes, i),
  ),
];
