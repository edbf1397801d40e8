import type { Asset } from '../../src/domain/asset.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { DAY, MINUTE, type Micros } from '../../src/domain/time.ts';
import { minuteFeatures } from '../../src/features/rows/minute-features.ts';
import type { MinuteRow } from '../../src/features/rows/minute-row.ts';
import { barFeatures } from '../../src/features/sets/bar-features.ts';
import { HORIZON_MINUTES } from '../../src/forecast/backbone/horizons.ts';
import { type MinuteGrid, minuteGrid } from '../../src/forecast/backbone/minute-grid.ts';
import { type Origins, originFrom, originsOf } from '../../src/forecast/backbone/origins.ts';
import { foldAt, MEMBER_MINUTES } from '../../src/forecast/members/models-manifest.ts';
import type { Runtime } from '../../src/forecast/members/runtime.ts';
import { type EnsembleForecast, ensemble, FORECASTERS } from '../../src/forecast/serve/ensemble.ts';
import { studentFit } from '../../src/maths/student-fit.ts';
import { type Coverage, coverageOf } from '../../src/research/coverage.ts';
import { ewmaForecasts } from '../../src/research/ewma.ts';
import { harSeasonForecasts } from '../../src/research/har-season.ts';
import { harStrongForecasts } from '../../src/research/har-strong.ts';
import { lossesOf, type ModelScores, type Scored, scoresOf } from '../../src/research/scores.ts';
import { type ModelsAt, type OpenFold, openFold } from '../load/load-models.ts';
import { refuseOther } from '../load/model-file.ts';
import { readBars } from '../load/read-bars.ts';

/** What to score, and on which data. */
export interface EvaluateOptions {
  /** The asset that bars and models belong to. */
  readonly asset: Asset;
  readonly bars: readonly string[];
  readonly volume: readonly string[];
  /** Bars that outcomes and the baseline are measured on; `bars` when empty. */
  readonly labels: readonly string[];
  readonly from: Micros;
  readonly to: Micros;
  /** The time now: bars of the future are refused. */
  readonly now?: Micros;
  readonly models: ModelsAt;
  /** The runtime of PatchTST; ONNX Runtime when absent. */
  readonly runtime?: Runtime;
  readonly progress?: (step: string, share: number) => void;
}

/** Models of a report: the baseline is `harSeason`; `harStrong` is a linear model with all that helps one. */
export type EvaluatedModel = 'ewma' | 'harSeason' | 'harStrong' | (typeof FORECASTERS)[number];

/** `scores[horizonMinutes][model]`, `bands[horizonMinutes]`, and the data behind them. */
export interface EvaluateReport {
  readonly from: string;
  readonly to: string;
  readonly origins: number;
  /** Folds whose models made forecasts, and since when each was out of sample. */
  readonly folds: readonly string[];
  readonly runtime: Runtime;
  readonly baseline: 'harSeason';
  readonly scores: Readonly<Record<string, Readonly<Partial<Record<EvaluatedModel, ModelScores>>>>>;
  /**
   * How often the outcome lay inside the ensemble's band, over the origins that had one; a horizon without
   * any is absent.
   */
  readonly bands: Readonly<Record<string, Coverage>>;
}

/** The baselines' scale and their law of moves are fitted on this much data before the span. */
const BEFORE = 90 * DAY;
/** Online scales run for this long before the span, if the models were trained before that. */
const RUN_IN = 31 * DAY;

interface Law {
  readonly logSettle: number;
  readonly nu: number;
  readonly tScale: number;
}

/**
 * The scale with the lowest QLIKE, the ratio of squared moves to variance, and the law of standardised moves,
 * over origins [`from`, `to`).
 */
function lawOf(
  forecasts: Float64Array,
  { origins, grid, minutes, h }: { origins: Origins; grid: MinuteGrid; minutes: number; h: number },
  from: number,
  to: number,
): Law & { readonly logScale: number } {
  let [ratios, count] = [0, 0];
  for (let i = from; i < to; i++) {
    const ratio = Math.exp(
      (origins.logVariance[i * HORIZON_MINUTES.length + h] as number) - (forecasts[i - from] as number),
    );
    if (Number.isNaN(ratio)) continue;
    ratios += ratio;
    count++;
  }
  const logScale = Math.log(ratios / count);
  const squares: number[] = [];
  const standard: number[] = [];
  for (let i = from; i < to; i++) {
    const move = grid.move(origins.at[i] as number, minutes);
    const z = move / Math.sqrt(minutes * Math.exp((forecasts[i - from] as number) + logScale));
    if (Number.isNaN(z)) continue;
    squares.push(z * z);
    standard.push(z);
  }
  const settle = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  const { nu, scale } = studentFit(standard.map((z) => z / Math.sqrt(settle)));
  return { logScale, logSettle: Math.log(settle), nu, tScale: scale };
}

/**
 * Forecasts of every member at the origins of the span, each by the newest fold that had not been trained on
 * that origin.
 */
async function memberForecasts(
  bars: readonly MinuteBar[],
  { asset, from, to, models, runtime, progress }: EvaluateOptions,
): Promise<{ readonly byAt: ReadonlyMap<Micros, EnsembleForecast>; readonly open: readonly OpenFold[] }> {
  const first = foldAt(models.models, from);
  if (!first)
    throw new Error(
      `evaluate: every fold of the models has seen data after ${new Date(from / 1_000).toISOString()}; choose a later --from, or train a fold until then`,
    );
  const runIn = Math.max(from - RUN_IN, Date.parse(first.trainedUntil) * 1_000);
  const features = minuteFeatures(asset);
  const byAt = new Map<Micros, EnsembleForecast>();
  const open: OpenFold[] = [];
  let current:
    | { readonly fold: OpenFold; readonly forecast: (row: MinuteRow) => Promise<EnsembleForecast> }
    | undefined;
  for (const bar of bars) {
    const at = bar.openAt + MINUTE;
    if (at >= to) break;
    if (at < runIn || at % (5 * MINUTE) !== 0) {
      features.digest(bar);
      continue;
    }
    const row = features.push(bar);
    if (!row?.warm) continue;
    const fold = foldAt(models.models, at) ?? first;
    if (current?.fold.fold !== fold) {
      const opened = await openFold(models, fold, { runtime });
      open.push(opened);
      const { forecast } = ensemble(models.models, fold, opened.backbone, opened.members);
      current = { fold: opened, forecast };
    }
    const forecasts = await current.forecast(row);
    if (at >= from) byAt.set(at, forecasts);
    if (byAt.size % 2_000 === 0) progress?.('members', (at - runIn) / (to - runIn));
  }
  return { byAt, open };
}

/**
 * Scores the shipped models and their baselines on any span of bars after their training. Everything is out
 * of sample. The baseline is refitted every 30 days on the outcomes complete by then, and scaled on the three
 * months before. Members come from folds trained before the span. Throws one sentence if that is not
 * possible.
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluateReport> {
  const { asset, from, to, progress } = options;
  refuseOther('models', 'the manifest', options.models.models.asset, asset.name);
  const range = {
    before: to + 2 * 60 * MINUTE,
    ...(options.now !== undefined && { now: options.now }),
  };
  const bars = await readBars(options.bars, options.volume, range);
  progress?.('features', 0);
  const labels = options.labels.length === 0 ? bars : await readBars(options.labels, [], range);
  const grid = minuteGrid(labels, asset.floors.variance);
  const origins = originsOf(labels, grid, asset);
  const [before, start, end] = [
    originFrom(origins, from - BEFORE),
    originFrom(origins, from),
    originFrom(origins, to),
  ];
  if (end - start < 1_000 || start - before < 1_000)
    throw new Error(
      `evaluate: needs at least 1,000 origins in the span and in the 90 days before it, was ${end - start} and ${start - before}`,
    );
  const { byAt, open } = await memberForecasts(bars, options);
  const kept: number[] = [];
  for (let i = start; i < end; i++) if (byAt.has(origins.at[i] as number)) kept.push(i);
  const at = Float64Array.from(kept, (i) => origins.at[i] as number);
  const dayColumn = barFeatures.findIndex(({ name }) => name === 'variance1440');
  const dayDeviation = Float64Array.from(kept, (i) =>
    Math.exp((origins.values[i * barFeatures.length + dayColumn] as number) / 2),
  );
  const ewma = ewmaForecasts(grid, origins.at.subarray(before, end));

  const scores: Record<string, Partial<Record<EvaluatedModel, ModelScores>>> = {};
  const bands: Record<string, Coverage> = {};
  for (const [m, minutes] of MEMBER_MINUTES.entries()) {
    progress?.(`${minutes} minutes`, m / MEMBER_MINUTES.length);
    const h = HORIZON_MINUTES.indexOf(minutes);
    const common = {
      at,
      minutes,
      dayDeviation,
      logRealised: Float64Array.from(
        kept,
        (i) => origins.logVariance[i * HORIZON_MINUTES.length + h] as number,
      ),
      moves: Float64Array.from(kept, (i) => grid.move(origins.at[i] as number, minutes)),
    };
    // Only windows that had ended when the span began.
    const completed = originFrom(origins, from - minutes * MINUTE + 1);
    const baselineOf = (forecasts: Float64Array): Scored => {
      const { logScale, ...law } = lawOf(forecasts, { origins, grid, minutes, h }, before, completed);
      const logForecast = Float64Array.from(kept, (i) => (forecasts[i - before] as number) + logScale);
      return { ...common, ...law, logForecast };
    };
    const baseline = baselineOf(harSeasonForecasts(origins, h, before, end));
    const losses = lossesOf(baseline);
    const scored: Partial<Record<EvaluatedModel, ModelScores>> = {
      ewma: scoresOf(baselineOf(ewma), losses),
      harSeason: scoresOf(baseline, losses),
      harStrong: scoresOf(baselineOf(harStrongForecasts(origins, h, before, end)), losses),
    };
    for (const name of FORECASTERS) {
      const logForecast = Float64Array.from(
        kept,
        (i) => byAt.get(origins.at[i] as number)?.logs[name][m] ?? Number.NaN,
      );
      // A member gives no forecast where its window has holes, or where the fold does not have it.
      const spoke = [...kept.keys()].filter((k) => !Number.isNaN(logForecast[k]));
      // Take the law of the first fold: later folds were calibrated on parts of the span.
      const horizon = open[0]?.fold.horizons.find((each) => each.minutes === minutes);
      if (!horizon || spoke.length === 0) continue;
      const { logSettle, nu, tScale } = horizon;
      const only = (values: Float64Array): Float64Array =>
        Float64Array.from(spoke, (k) => values[k] as number);
      scored[name] = scoresOf(
        {
          at: only(at),
          minutes,
          dayDeviation: only(dayDeviation),
          logRealised: only(common.logRealised),
          moves: only(common.moves),
          logForecast: only(logForecast),
          logSettle,
          nu,
          tScale,
        },
        only(losses),
      );
    }
    scores[minutes] = scored;
    // Use each fold's own constants: they were fitted before its date, and it forecasts only after that date
    // here.
    const endOf = (end: 'low' | 'high'): Float64Array =>
      Float64Array.from(kept, (i) => byAt.get(origins.at[i] as number)?.band?.[end][m] ?? Number.NaN);
    const coverage = coverageOf(common.logRealised, endOf('low'), endOf('high'));
    if (coverage) bands[minutes] = coverage;
  }
  for (const each of open) await each.close();
  return {
    from: new Date(from / 1_000).toISOString(),
    to: new Date(to / 1_000).toISOString(),
    origins: kept.length,
    folds: open.map(({ fold }) => `${fold.name}, trained until ${fold.trainedUntil}`),
    runtime: options.runtime ?? 'onnx',
    baseline: 'harSeason',
    scores,
    bands,
  };
}
