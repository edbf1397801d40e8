import type { FeatureRow, TickRow } from '../domain/events/features.ts';
import type { Micros } from '../domain/time.ts';
import { tickSet } from '../features/sets/tick-set.ts';
import { treeSet } from '../features/sets/tree-set.ts';
import type { Backbone } from '../forecast/backbone/backbone.ts';
import type { MinuteGrid } from '../forecast/backbone/minute-grid.ts';
import { memberInputs } from '../forecast/members/member-input.ts';
import { MEMBER_MINUTES } from '../forecast/members/models-manifest.ts';

/** A column of a data set, for the Parquet writer. */
export interface Column {
  readonly name: string;
  readonly type: 'INT64' | 'FLOAT' | 'DOUBLE';
  readonly data: BigInt64Array | Float32Array | Float64Array;
}

const NO_WINDOW = new Float32Array(0);

/** A row without its window, which is no column of the data set. */
export const originOf = ({ at, values, inputs }: FeatureRow) => ({
  at,
  values: Float64Array.from(values, (value) => value ?? Number.NaN),
  inputs: Float64Array.from(inputs, (value) => value ?? Number.NaN),
  window: NO_WINDOW,
  windowReturns: 0,
});

/**
 * Rows of origins as columns: `at` (the close that a row knows of, microseconds), the features of bars as
 * float32, `harx…` (the backbone's log forecasts) as double, `season…` as float32, and `target…` (log of
 * realised variance per minute over the minutes ahead, NaN where it is not complete) and `move…` (log move
 * over the same minutes) as double.
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
    const input = inputOf(originOf(row));
    at[i] = BigInt(row.at);
    for (const [f, column] of bars.entries()) column[i] = input.inputs[f] as number;
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

/**
 * The tick set for the same rows, as float32 columns in its order. NaN where a minute has no tick row or a
 * feature is unknown.
 */
export const tickColumns = (
  rows: readonly FeatureRow[],
  ticks: ReadonlyMap<Micros, TickRow>,
): readonly Column[] =>
  tickSet.map(({ name }, f) => ({
    name,
    type: 'FLOAT',
    data: Float32Array.from(rows, ({ at }) => ticks.get(at)?.values[f] ?? Number.NaN),
  }));
