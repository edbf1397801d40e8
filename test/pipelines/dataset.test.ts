import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { loadBackbone } from '../../pipelines/load/load-backbone.ts';
import { type DatasetOptions, dataset } from '../../pipelines/research/dataset.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { FeatureRow } from '../../src/domain/events/features.ts';
import { MINUTE, type Micros } from '../../src/domain/time.ts';
import { minuteFeatures } from '../../src/features/rows/minute-features.ts';
import { featureRowOf } from '../../src/features/rows/minute-row.ts';
import { minuteGrid } from '../../src/forecast/backbone/minute-grid.ts';
import { memberInputs } from '../../src/forecast/members/member-input.ts';
import { type Column, datasetColumns, originOf } from '../../src/research/dataset.ts';
import { minuteColumns } from '../../src/research/minute-columns.ts';
import { HISTORY_HEADER, historyLine } from '../../src/tape/history-line.ts';
import { writeTape } from '../../src/tape/write.ts';
import { faultyBars } from '../features/sets/bars-oracle.ts';
import { BTC } from '../support/btc.ts';
import { eventTimeSession } from '../support/emulated.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { TREE_INPUTS } from '../support/tree-inputs.ts';
import { emulatedSession, only, runFrames, settingsOf } from './market.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'test-'));
const backbone = loadBackbone();
const settings = settingsOf({});

const csv = (folder: string, name: string, bars: readonly MinuteBar[]): string => {
  const path = join(folder, name);
  writeFileSync(path, HISTORY_HEADER + bars.map(historyLine).join(''));
  return path;
};
const ofBars = (
  folder: string,
  bars: readonly string[],
  rest: Partial<DatasetOptions> & {
    readonly volume?: readonly string[];
    readonly labels?: readonly string[];
  } = {},
) => {
  const { volume = [], labels = [], ...options } = rest;
  return dataset({
    asset: BTC,
    source: { kind: 'bars', bars, volume, labels },
    backbone,
    settings,
    stepMinutes: 5,
    out: join(folder, 'rows.parquet'),
    minutes: undefined,
    ...options,
  });
};

/** A Parquet file as hyparquet reads it: columns by name, in the file's order, with their types. */
async function parquet(path: string): Promise<{
  readonly types: readonly (readonly [name: string, type: string | undefined])[];
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
}> {
  const file = await asyncBufferFromFile(path);
  const { schema } = await parquetMetadataAsync(file);
  const types = schema.slice(1).map(({ name, type }) => [name, type] as const);
  const rows = await parquetReadObjects({ file });
  return {
    types,
    columns: Object.fromEntries(types.map(([name]) => [name, rows.map((row) => row[name])])),
  };
}
const holds = async (path: string, columns: readonly Column[]): Promise<void> => {
  const read = await parquet(path);
  expect(read.types).toEqual(columns.map(({ name, type }) => [name, type]));
  for (const { name, data } of columns) expect([name, read.columns[name]]).toEqual([name, [...data]]);
};
const rowsOf = (bars: readonly MinuteBar[], stepMinutes: number): readonly FeatureRow[] => {
  const features = minuteFeatures(BTC);
  return bars
    .flatMap((bar) => features.push(bar) ?? [])
    .filter(({ warm, at }) => warm && at % (stepMinutes * MINUTE) === 0)
    .map(featureRowOf);
};
/** Minutes with holes and flags, as `readHistory` gives them back. */
const bars = faultyBars(71, 1_100, (i) => (i % 97 === 3 ? 'forming' : i % 101 === 5 ? 'missing' : 'none'));
const iso = (at: Micros | undefined): string => new Date((at ?? 0) / 1_000).toISOString();

describe('dataset of bars', () => {
  test('what Parquet holds is, bit for bit, what the operators say at every fifth minute that is warm', async () => {
    const folder = room();
    const report = await ofBars(folder, [csv(folder, 'bars.csv', bars)]);
    const rows = rowsOf(bars, 5);
    const columns = datasetColumns(rows, backbone, minuteGrid(bars, BTC.floors.variance));
    await holds(join(folder, 'rows.parquet'), columns);
    expect(rows.length).toBeGreaterThan(60);
    expect(report).toEqual({
      out: join(folder, 'rows.parquet'),
      rows: rows.length,
      columns: columns.map(({ name }) => name),
      from: iso(rows[0]?.at),
      until: iso(rows.at(-1)?.at),
      minutes: undefined,
    });
    const { columns: read } = await parquet(join(folder, 'rows.parquet'));
    expect(read['target60']?.some(Number.isNaN)).toBe(true);
  });

  test('another step gives a row at each of its multiples', async () => {
    const folder = room();
    await ofBars(folder, [csv(folder, 'bars.csv', bars)], { stepMinutes: 7 });
    const { columns } = await parquet(join(folder, 'rows.parquet'));
    const rows = rowsOf(bars, 7);
    expect(rows.length).toBeGreaterThan(40);
    expect(columns['at']).toEqual(rows.map(({ at }) => BigInt(at)));
  });

  test('with --channels the channels of each minute are written beside them', async () => {
    const folder = room();
    const minutes = join(folder, 'minutes.parquet');
    const report = await ofBars(folder, [csv(folder, 'bars.csv', bars)], { minutes });
    await holds(minutes, minuteColumns(bars, backbone, BTC.floors.variance));
    expect(report.minutes).toBe(1_100);
  });

  test('several files are one, volumes come from theirs, and labels say what came after', async () => {
    const folder = room();
    const [one, two] = [csv(folder, 'one.csv', bars.slice(0, 500)), csv(folder, 'two.csv', bars.slice(450))];
    const volume = faultyBars(72, 1_100);
    const labels = faultyBars(73, 1_100);
    await ofBars(folder, [one, two], {
      volume: [csv(folder, 'volume.csv', volume)],
      labels: [csv(folder, 'labels.csv', labels)],
    });
    const byTime = new Map(volume.map((bar) => [bar.openAt, bar.volume]));
    const joined = bars.map((bar) => ({ ...bar, volume: byTime.get(bar.openAt) ?? Number.NaN }));
    await holds(
      join(folder, 'rows.parquet'),
      datasetColumns(rowsOf(joined, 5), backbone, minuteGrid(labels, BTC.floors.variance)),
    );
  });

  test('too few minutes to be warm are refused, and nothing is written', async () => {
    const folder = room();
    const path = csv(folder, 'bars.csv', bars.slice(0, 300));
    await expect(ofBars(folder, [path])).rejects.toThrow(
      'dataset: no minute was warm; give more bars, or a --history before the tapes',
    );
    expect(readdirSync(folder)).toEqual(['bars.csv']);
  });
});

describe('a data set that cannot be written', () => {
  test('leaves nothing half-written', async () => {
    const folder = room();
    const path = csv(folder, 'bars.csv', bars);
    // The rows are whole beside it; only their name is taken, by a folder.
    mkdirSync(join(folder, 'rows.parquet', 'taken'), { recursive: true });
    await expect(ofBars(folder, [path])).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(readdirSync(folder).sort()).toEqual(['bars.csv', 'rows.parquet']);
    await expect(ofBars(folder, [path], { out: join(folder, 'nowhere', 'rows.parquet') })).rejects.toThrow(
      /ENOENT/,
    );
    expect(readdirSync(folder).sort()).toEqual(['bars.csv', 'rows.parquet']);
  });

  test('leaves the one that was there as it was; written again, it is replaced whole', async () => {
    const folder = room();
    const path = csv(folder, 'bars.csv', bars);
    const out = join(folder, 'rows.parquet');
    writeFileSync(out, 'what was there');
    mkdirSync(`${out}.part`);
    await expect(ofBars(folder, [path])).rejects.toThrow();
    expect(readFileSync(out, 'utf8')).toBe('what was there');
    const other = join(folder, 'again.parquet');
    writeFileSync(other, 'x'.repeat(1 << 20));
    await ofBars(folder, [path], { out: other });
    await holds(other, datasetColumns(rowsOf(bars, 5), backbone, minuteGrid(bars, BTC.floors.variance)));
    expect(readdirSync(folder).sort()).toEqual([
      'again.parquet',
      'bars.csv',
      'rows.parquet',
      'rows.parquet.part',
    ]);
  });
});

/** What each input of the trees is at a row of the graph, as the member that runs live makes it. */
const live = (rows: readonly FeatureRow[]): Readonly<Record<string, readonly unknown[]>> => {
  const columns = datasetColumns(rows, backbone, { logVariance: () => Number.NaN, move: () => Number.NaN });
  return Object.fromEntries(columns.map(({ name, data }) => [name, [...data]]));
};
const sameAsLive = (
  read: Readonly<Record<string, readonly unknown[]>>,
  rows: readonly FeatureRow[],
): void => {
  const said = live(rows);
  for (const name of ['at', ...TREE_INPUTS]) expect([name, read[name]]).toEqual([name, said[name]]);
};
const ofTapes = (folder: string, tapes: readonly string[], rest: Partial<DatasetOptions> = {}) =>
  dataset({
    asset: BTC,
    source: { kind: 'tapes', tapes, history: undefined },
    backbone,
    settings,
    stepMinutes: 1,
    out: join(folder, 'rows.parquet'),
    minutes: undefined,
    ...rest,
  });

describe('dataset of a tape', () => {
  const folder = room();
  const emulated = settingsOf({ startAt: '2026-06-01T13:07:00Z', spanMinutes: 8, seed: 'data set' });
  const { startAt, session, wire } = emulatedSession(emulated);
  const warmUp = session.history[0]?.bars ?? [];
  const tape = join(folder, 'emulated.tape.gz');
  let rows: readonly FeatureRow[] = [];
  let closed: readonly MinuteBar[] = [];
  let read: Readonly<Record<string, readonly unknown[]>> = {};
  beforeAll(async () => {
    const events = await runFrames(emulated, [session, ...wire]);
    rows = only('featureRow', events);
    closed = only('minute', events).map(({ bar }) => bar);
    await writeTape(tape, [session, ...wire]);
    await ofTapes(folder, [tape]);
    ({ columns: read } = await parquet(join(folder, 'rows.parquet')));
  });

  test('has a row for each the graph said, bit for bit the same', () => {
    expect(rows.length).toBeGreaterThan(6);
    expect(rows.every(({ warm }) => warm)).toBe(true);
    expect(rows[0]?.at).toBe(startAt);
    sameAsLive(read, rows);
  });

  test('has what the member of the ensemble reads live at that minute', () => {
    const inputOf = memberInputs(backbone);
    for (const [i, row] of rows.entries()) {
      const { harX, inputs } = inputOf(originOf(row));
      expect(read['harx15']?.[i]).toBe(harX[1]);
      expect(read['harx60']?.[i]).toBe(harX[3]);
      expect(read['rv60']?.[i]).toBe(Math.fround(inputs[2] ?? 0));
    }
  });

  test('has targets out of the minutes that the tape closed after it', () => {
    const grid = minuteGrid(closed, BTC.floors.variance);
    const targets = rows.map(({ at }) => grid.logVariance(at, 5));
    expect(read['target5']).toEqual(targets);
    expect(targets.some(Number.isFinite)).toBe(true);
    expect(read['target15']?.every(Number.isNaN)).toBe(true);
  });

  test('is the data set of the same minutes given as bars', async () => {
    const other = room();
    const minutes = [...warmUp, ...closed.filter(({ openAt }) => openAt >= startAt)];
    await ofBars(other, [csv(other, 'bars.csv', minutes)], { stepMinutes: 1 });
    const { columns } = await parquet(join(other, 'rows.parquet'));
    const from = columns['at']?.indexOf(BigInt(startAt)) ?? 0;
    expect(from).toBeGreaterThan(1_000);
    for (const name of ['at', ...TREE_INPUTS])
      expect([name, columns[name]?.slice(from)]).toEqual([name, read[name]]);
  });

  test('warms a tape that begins without a history by the one it is given, and refuses it without', async () => {
    const bare = room();
    const path = join(bare, 'bare.tape.gz');
    await writeTape(path, wire);
    await expect(ofTapes(bare, [path])).rejects.toThrow('dataset: no minute was warm');
    expect(readdirSync(bare)).toEqual(['bare.tape.gz']);
    const history = csv(bare, 'history.csv', warmUp);
    await ofTapes(bare, [path], { source: { kind: 'tapes', tapes: [path], history } });
    const { columns } = await parquet(join(bare, 'rows.parquet'));
    for (const name of ['at', ...TREE_INPUTS]) expect([name, columns[name]]).toEqual([name, read[name]]);
  });
});

describe('dataset of a session that ran live', () => {
  test('its tape gives at each minute the row that the session itself had then, bit for bit', async () => {
    const folder = room();
    const session = eventTimeSession({ seed: 'live rows', faults: [] });
    session.run(6 * 60);
    session.settle();
    const rows = only('featureRow', session.events);
    await writeTape(join(folder, 'live.tape.gz'), session.frames);
    session.close();
    expect(rows.length).toBeGreaterThan(5);
    await ofTapes(folder, [folder]);
    const { columns } = await parquet(join(folder, 'rows.parquet'));
    expect(rows[0]?.at).toBe(session.startAt);
    sameAsLive(columns, rows);
  });
});
