import type { Asset } from '../../domain/asset.ts';
import type { MinuteBar } from '../../domain/bars.ts';
import type { TailKnot } from '../../domain/events/forecast.ts';
import { DAY, MINUTE, type Micros } from '../../domain/time.ts';
import { newYorkMinuteOfWeek, WEEK_MINUTES } from '../../features/minute/new-york.ts';
import { barFeatures } from '../../features/sets/bar-features.ts';
import {
  fitWeekSeason,
  type SeasonWindows,
  seasonWindows,
  type WeekSeason,
  weekProfile,
} from '../../maths/seasons.ts';
import { varianceBetween } from '../../maths/variance-between.ts';
import { fitHar, type Score, scoreHar, scoreTrailing } from './fit.ts';
import { fitTails, TAIL_MINUTES } from './fit-tails.ts';
import type { HarModel } from './har.ts';
import { harKnots, harReadings } from './har-forecast.ts';
import { HORIZON_MINUTES } from './horizons.ts';
import { type MinuteGrid, minuteGrid } from './minute-grid.ts';
import { type Origins, originFrom, originsOf } from './origins.ts';
import { variancePath } from './variance-path.ts';

/** Scores of the model and of its baselines, over origins in [from, until). */
export interface Scores {
  readonly from: Micros;
  readonly until: Micros;
  readonly origins: number;
  readonly harx: readonly Score[];
  readonly harSeason: readonly Score[];
  readonly har: readonly Score[];
  readonly trailing: readonly Score[];
}

/** A fitted backbone before it is written. */
export interface BackboneFit {
  readonly horizons: readonly HarModel[];
  readonly season: WeekSeason;
  readonly tails: readonly TailKnot[];
  readonly from: Micros;
  readonly until: Micros;
  readonly origins: number;
  readonly tailOrigins: number;
  readonly inSample: Scores;
  readonly holdOut: Scores;
}

/** A finished step of a fit, for a progress bar. */
export interface FitProgress {
  readonly done: number;
  readonly steps: number;
  readonly step: string;
}

const HOLD_OUT = 90 * DAY;
const FOLD = 91 * DAY;
const FIRST_FOLD_AFTER = 180 * DAY;
/** Least length of the history: something to fit before the hold-out, and one fold for the tails. */
const LEAST_HISTORY = FIRST_FOLD_AFTER + FOLD;

/**
 * Fits season, HAR-X and tails to bars before `until`; `labels` (perhaps the bars themselves) give the
 * outcome of each origin. Scores come first: coefficients fitted before the last 90 days are scored on those
 * days. Tails come from walk-forward forecasts in folds of 91 days, each with coefficients fitted on all data
 * before the fold, so no move is standardised by a fit that saw it. Then everything is refitted on all data.
 * An origin whose longest window crosses a boundary is not fitted. Throws under 271 days of bars.
 */
export function fitBackboneModel(
  {
    asset,
    bars,
    labels: labelBars,
    until,
  }: {
    readonly asset: Pick<Asset, 'name' | 'floors'>;
    readonly bars: readonly MinuteBar[];
    readonly labels: readonly MinuteBar[];
    readonly until: Micros;
  },
  report: (progress: FitProgress) => void = () => {},
): BackboneFit {
  const from = bars[0]?.openAt ?? until;
  if (until - from < LEAST_HISTORY)
    throw new Error(
      `fitBackbone: needs ${LEAST_HISTORY / DAY} days of bars before until, was ${Math.floor((until - from) / DAY)}`,
    );
  const starts: Micros[] = [];
  for (let start = until - FOLD; start >= from + FIRST_FOLD_AFTER; start -= FOLD) starts.unshift(start);
  const steps = starts.length + 4;
  let done = 0;
  const finished = (step: string): void => report({ done: ++done, steps, step });

  const labels = minuteGrid(labelBars, asset.floors.variance);
  const origins = originsOf(bars, labels, asset);
  finished('features and labels');

  const early = fitBefore(origins, labels, until - HOLD_OUT);
  const holdOut = scored(origins, labels, early, until - HOLD_OUT, until);
  finished('hold-out scores');

  const moves = TAIL_MINUTES.map((): number[] => []);
  let tailOrigins = 0;
  for (const start of starts) {
    const { season, models } = fitBefore(origins, labels, start);
    const profile = weekProfile(season);
    const readings = harReadings(models, seasonWindows(profile));
    const last = originFrom(origins, Math.min(start + FOLD, until));
    for (let i = originFrom(origins, start); i < last; i++) {
      const at = origins.at[i] as number;
      const values = origins.values.subarray(i * barFeatures.length, (i + 1) * barFeatures.length);
      const path = variancePath(at, harKnots(models, readings(values, at)), profile);
      tailOrigins += 1;
      for (const [s, minutes] of TAIL_MINUTES.entries()) {
        const move = labels.move(at, minutes) / Math.sqrt(varianceBetween(path, at, at + minutes * MINUTE));
        if (!Number.isNaN(move)) moves[s]?.push(move);
      }
    }
    finished('walk-forward');
  }
  const tails = fitTails(moves);
  finished('tails');

  const whole = fitBefore(origins, labels, until);
  const inSample = scored(origins, labels, whole, origins.at[0] ?? from, until);
  finished('final fit');
  const { season, models: horizons } = whole;
  return { horizons, season, tails, from, until, origins: origins.count, tailOrigins, inSample, holdOut };
}

const FLAT = seasonWindows(new Float64Array(WEEK_MINUTES).fill(1));

interface Fitted {
  readonly season: WeekSeason;
  readonly windows: SeasonWindows;
  readonly models: readonly HarModel[];
  /** Number of origins fitted, from the first on. */
  readonly train: number;
}

const fitBefore = (origins: Origins, labels: MinuteGrid, before: Micros): Fitted => {
  const season = seasonBefore(labels, before);
  const windows = seasonWindows(weekProfile(season));
  const train = lastBefore(origins, before);
  return { season, windows, models: fitHar(origins, windows, labels.move, 0, train), train };
};

// The longest window of the last origin must end before the boundary.
const lastBefore = (origins: Origins, before: Micros): number =>
  originFrom(origins, before - Math.max(...HORIZON_MINUTES) * MINUTE + 1);

const seasonBefore = (labels: MinuteGrid, before: Micros): WeekSeason => {
  const length = Math.min(labels.minutes, (before - labels.from) / MINUTE);
  const week = Uint16Array.from({ length }, (_, i) => newYorkMinuteOfWeek(labels.from + i * MINUTE));
  return fitWeekSeason(
    labels.squares.subarray(0, length),
    labels.covers.subarray(0, length),
    (i) => week[i] as number,
  );
};

/** Scores a fit over [from, until), and the baselines fitted on the same origins. */
const scored = (
  origins: Origins,
  labels: MinuteGrid,
  { windows, models, train }: Fitted,
  from: Micros,
  until: Micros,
): Scores => {
  const [start, end] = [originFrom(origins, from), lastBefore(origins, until)];
  const compared = (kind: 'harSeason' | 'har', season: SeasonWindows): readonly Score[] =>
    scoreHar(origins, season, fitHar(origins, season, labels.move, 0, train, kind), start, end);
  return {
    from,
    until,
    origins: end - start,
    harx: scoreHar(origins, windows, models, start, end),
    harSeason: compared('harSeason', windows),
    har: compared('har', FLAT),
    trailing: scoreTrailing(origins, train, start, end),
  };
};
