import { barFeatures } from '../../features/sets/bar-features.ts';
import { type LinearModel, normalEquations } from '../../maths/least-squares.ts';
import { qlike } from '../../maths/qlike.ts';
import type { SeasonWindows } from '../../maths/seasons.ts';
import { CENTRE, HAR_COLUMNS, type HarModel, harDesign, harLogForecast } from './har.ts';
import { HORIZON_MINUTES } from './horizons.ts';
import type { MinuteGrid } from './minute-grid.ts';
import type { Origins } from './origins.ts';

/**
 * Which columns a fit may use. `harx` is the model that ships; `harSeason` has the lags of realised variance
 * and the season, `har` the lags alone (give it a flat season).
 */
export type HarKind = 'harx' | 'harSeason' | 'har';

/** Score of one horizon: mean QLIKE of the variance forecast and R² of the log forecast. */
export interface Score {
  readonly minutes: number;
  readonly qlike: number;
  readonly r2: number;
}

/** Ridge penalties: almost none on the dense columns, the weight of 100 origins on each hour of the week. */
const PENALTY = { dense: 1e-3, group: 100 } as const;
const NO_GROUPS = 1e12;
const HOURS_OF_WEEK = 168;

const columnsOf = (kind: HarKind): readonly number[] =>
  Array.from({ length: HAR_COLUMNS }, (_, i) => i).filter((i) => {
    if (i === HAR_COLUMNS - 1 || kind === 'harx') return true;
    if (i === barFeatures.length) return kind === 'harSeason';
    return barFeatures[i]?.name.startsWith('variance');
  });

/**
 * One model a horizon, by ridge least squares on the log of realised variance over the origins in [`from`,
 * `to`). `moves` are the moves that settle, for the `settle` scale.
 */
export function fitHar(
  origins: Origins,
  season: SeasonWindows,
  moves: MinuteGrid['move'],
  from: number,
  to: number,
  kind: HarKind = 'harx',
): readonly HarModel[] {
  const columns = columnsOf(kind);
  const design = new Float64Array(HAR_COLUMNS);
  const chosen = new Float64Array(columns.length);
  return HORIZON_MINUTES.map((minutes, h) => {
    const equations = normalEquations(columns.length, HOURS_OF_WEEK);
    for (let i = from; i < to; i++) {
      const hour = designAt(origins, i, minutes, season, design);
      for (let c = 0; c < columns.length; c++) chosen[c] = design[columns[c] as number] as number;
      equations.add(chosen, hour, target(origins, i, h) - CENTRE);
    }
    const group = kind === 'har' ? NO_GROUPS : PENALTY.group;
    const bare = modelOf(equations.solve({ dense: PENALTY.dense, group }), minutes, columns);

    let ratios = 0;
    let moved = 0;
    let variance = 0;
    for (let i = from; i < to; i++) {
      const hour = designAt(origins, i, minutes, season, design);
      const forecast = harLogForecast(bare, design, hour);
      const ratio = Math.exp(target(origins, i, h) - forecast);
      ratios += ratio;
      const move = moves(origins.at[i] as number, minutes);
      if (Number.isNaN(move)) continue;
      moved += (move * move) / (minutes * Math.exp(forecast));
      variance += ratio;
    }
    return { ...bare, jensen: ratios / (to - from), settle: moved / variance };
  });
}

/** Scores models over the origins in [`from`, `to`). */
export function scoreHar(
  origins: Origins,
  season: SeasonWindows,
  models: readonly HarModel[],
  from: number,
  to: number,
): readonly Score[] {
  const design = new Float64Array(HAR_COLUMNS);
  return models.map((model, h) =>
    scoreOf(model.minutes, from, to, (i) => {
      const hour = designAt(origins, i, model.minutes, season, design);
      const logForecast = harLogForecast(model, design, hour);
      return [target(origins, i, h), logForecast, logForecast + Math.log(model.jensen)];
    }),
  );
}

/**
 * Scores the simplest forecast: realised variance of the past window, as long as the one ahead, times its
 * best constant over [0, `train`).
 */
export function scoreTrailing(origins: Origins, train: number, from: number, to: number): readonly Score[] {
  return HORIZON_MINUTES.map((minutes, h) => {
    const column = barFeatures.findIndex(({ name }) => name === `variance${minutes}`);
    const behind = (i: number): number => origins.values[i * barFeatures.length + column] as number;
    let ratios = 0;
    for (let i = 0; i < train; i++) ratios += Math.exp(target(origins, i, h) - behind(i));
    const best = Math.log(ratios / train);
    return scoreOf(minutes, from, to, (i) => [target(origins, i, h), behind(i), behind(i) + best]);
  });
}

const target = (origins: Origins, i: number, horizon: number): number =>
  origins.logVariance[i * HORIZON_MINUTES.length + horizon] as number;

const designAt = (
  origins: Origins,
  i: number,
  minutes: number,
  season: SeasonWindows,
  into: Float64Array,
): number => {
  const values = origins.values.subarray(i * barFeatures.length, (i + 1) * barFeatures.length);
  return harDesign(values, origins.at[i] as number, minutes, season, into);
};

const modelOf = ({ dense, groups }: LinearModel, minutes: number, columns: readonly number[]): HarModel => {
  const all = new Array<number>(HAR_COLUMNS).fill(0);
  for (const [c, column] of columns.entries()) all[column] = dense[c] as number;
  return {
    minutes,
    coefficients: all.slice(0, barFeatures.length),
    season: all[barFeatures.length] as number,
    intercept: all[barFeatures.length + 1] as number,
    hourOfWeek: groups,
    jensen: 1,
    settle: 1,
  };
};

const scoreOf = (
  minutes: number,
  from: number,
  to: number,
  read: (i: number) => readonly [logRealised: number, logForecast: number, logVarianceForecast: number],
): Score => {
  let [loss, sum, squares, errors] = [0, 0, 0, 0];
  for (let i = from; i < to; i++) {
    const [realised, logForecast, variance] = read(i);
    loss += qlike(realised, variance);
    sum += realised;
    squares += realised * realised;
    errors += (realised - logForecast) ** 2;
  }
  const count = to - from;
  return { minutes, qlike: loss / count, r2: 1 - errors / (squares - (sum * sum) / count) };
};
