import type { Micros } from '../domain/time.ts';
import type { FeatureRow } from '../features/feature-row.ts';
import { tickSet } from '../features/tick-features.ts';
import type { TickRow } from '../features/tick-row.ts';
import { treeSet } from '../features/tree-set.ts';
import type { Backbone } from '../forecast/backbone.ts';
import { memberInputs } from '../forecast/member-input.ts';
import type { MinuteGrid } from '../forecast/minute-grid.ts';
import { MEMBER_MINUTES } from '../forecast/models-manifest.ts';

/** A column of a data set, as a Parquet writer takes it. */
export interface Column {
  readonly name: string;
  readonly type: 'INT64' | 'FLOAT' | 'DOUBLE';
  readonly data: BigInt64Array | Float32Array | Float64Array;
}

/** Names of the trees' inputs, in order: the features of bars, then what the backbone makes. */
export const TREE_INPUTS: readonly string[] = [
  ...treeSet.map(({ name }) => name),
  ...MEMBER_MINUTES.map((minutes) => `harx${minutes}`),
  ...MEMBER_MINUTES.map((minutes) => `season${minutes}`),
];

/**
 * Rows of origins as columns: `at` (the close that a row knows of, microseconds), the features of bars as float32, `harx…` (the backbone's log forecasts) as double,
 * `season…` as float32, and `target…` (log of realised variance per minute over the minutes ahead, NaN where it is not whole) and
 * `move…` (log move over the same minutes) as double.
 */
export function datasetColumns(
  rows: readonly FeatureRow[],
  backbone: Pick<Backbone, 'season' | 'horizons'>,
  targets: Pick<MinuteGrid, 'logVariance' | 'move'>,
): readonly Column[] {
  const inputOf = memberInputs(backbone);
  const floats = () => new Float32Array(rows.length);
  const doubles = () => new Float64Array(rows.length);
  const at = new BigInt64Array(rows.length);
  const bars = treeSet.map(floats);
  const harX = MEMBER_MINUTES.map(doubles);
  const season = MEMBER_MINUTES.map(floats);
  const target = MEMBER_MINUTES.map(doubles);
  const move = MEMBER_MINUTES.map(doubles);
  for (const [i, row] of rows.entries()) {
    const input = inputOf(row);
    at[i] = BigInt(row.at);
    for (const [f, column] of bars.entries()) column[i] = row.inputs[f] as number;
    for (const [h, minutes] of MEMBER_MINUTES.entries()) {
      (harX[h] as Float64Array)[i] = input.harX[h] as number;
      (season[h] as Float32Array)[i] = (input.seasonAhead[h] as number) - input.seasonBehind;
      (target[h] as Float64Array)[i] = targets.logVariance(row.at, minutes);
      (move[h] as Float64Array)[i] = targets.move(row.at, minutes);
    }
  }
  const named = <T extends Column['type']>(name: string, type: T, data: readonly Column['data'][]) =>
    MEMBER_MINUTES.map((minutes, h) => ({
      name: `${name}${minutes}`,
      type,
      data: data[h] as Column['data'],
    }));
  return [
    { name: 'at', type: 'INT64', data: at },
    ...treeSet.map(({ name }, f): Column => ({ name, type: 'FLOAT', data: bars[f] as Float32Array })),
    ...named('harx', 'DOUBLE', harX),
    ...named('season', 'FLOAT', season),
    ...named('target', 'DOUBLE', target),
    ...named('move', 'DOUBLE', move),
  ];
}

/** The tick set beside rows, as float32 columns in its order; NaN where a minute has no tick row or a feature is not known. */
export const tickColumns = (
  rows: readonly FeatureRow[],
  ticks: ReadonlyMap<Micros, TickRow>,
): readonly Column[] =>
  tickSet.map(({ name }, f) => ({
    name,
    type: 'FLOAT',
    data: Float32Array.from(rows, ({ at }) => ticks.get(at)?.values[f] ?? Number.NaN),
  }));
