import { rename, rm } from 'node:fs/promises';
import { parquetWriteFile } from 'hyparquet-writer';
import { concatMap, filter, from, lastValueFrom, map, toArray } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { Asset } from '../../src/domain/asset.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { FeatureRow, TickRow } from '../../src/domain/events/features.ts';
import { MINUTE, type Micros } from '../../src/domain/time.ts';
import { featureRows } from '../../src/features/rows/feature-rows.ts';
import { featureRowOf } from '../../src/features/rows/minute-row.ts';
import type { Backbone } from '../../src/forecast/backbone/backbone.ts';
import { minuteGrid } from '../../src/forecast/backbone/minute-grid.ts';
import { backboneForecaster } from '../../src/forecast/serve/forecaster.ts';
import { type Column, datasetColumns, tickColumns } from '../../src/research/dataset.ts';
import { minuteColumns } from '../../src/research/minute-columns.ts';
import { backtest } from '../lanes/backtest.ts';
import { refuseOther } from '../load/model-file.ts';
import { readBars } from '../load/read-bars.ts';

/** The sources of the rows, and the files they are written to. */
export interface DatasetOptions {
  readonly source:
    | {
        readonly kind: 'bars';
        readonly bars: readonly string[];
        readonly volume: readonly string[];
        /** Bars that outcomes are measured on; `bars` when empty. */
        readonly labels: readonly string[];
      }
    | { readonly kind: 'tapes'; readonly tapes: readonly string[]; readonly history: string | undefined };
  /** The asset of the rows. */
  readonly asset: Asset;
  /** The backbone of the same asset; one of another asset is refused. */
  readonly backbone: Backbone;
  readonly settings: Settings;
  /** Minutes from one row to the next; rows lie at whole multiples of it. */
  readonly stepMinutes: number;
  /** Parquet file of the rows. It is replaced as a whole or not at all. */
  readonly out: string;
  /** Parquet file with one row a minute: the channels of sequence models. */
  readonly minutes: string | undefined;
  /** The time now: bars of the future are refused. */
  readonly now?: Micros;
}

/** What was written. */
export interface DatasetReport {
  readonly out: string;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly minutes: number | undefined;
}

interface Read {
  readonly rows: readonly FeatureRow[];
  readonly bars: readonly MinuteBar[];
  /** Rows of the tick set by their close; empty if there are only bars. */
  readonly ticks: ReadonlyMap<Micros, TickRow>;
}

/** Rows made of bars, by the same operator that runs live. */
async function ofBars(
  asset: Asset,
  bars: readonly MinuteBar[],
  wanted: (row: Pick<FeatureRow, 'at' | 'warm'>) => boolean,
): Promise<Read> {
  const minute = (bar: MinuteBar) => {
    const at = bar.openAt + MINUTE;
    return { kind: 'minute' as const, at, receivedAt: at, bar };
  };
  const rows = await lastValueFrom(
    from(bars).pipe(
      concatMap((bar) => [minute(bar)]),
      featureRows(asset),
      filter((row) => wanted(row)),
      map(featureRowOf),
      toArray(),
    ),
  );
  return { rows, bars, ticks: new Map() };
}

/** Rows made of tapes, by the graph itself. */
async function ofTapes(
  { asset, settings, backbone }: DatasetOptions,
  source: Extract<DatasetOptions['source'], { kind: 'tapes' }>,
  wanted: (row: FeatureRow) => boolean,
): Promise<Read> {
  const rows: FeatureRow[] = [];
  const bars: MinuteBar[] = [];
  const ticks = new Map<Micros, TickRow>();
  await backtest({
    tapes: source.tapes,
    history: source.history === undefined ? [] : [{ asset: asset.name, path: source.history }],
    settled: undefined,
    out: undefined,
    settings: { ...settings, assets: [asset] },
    openForecasters: async () => () => backboneForecaster(backbone),
    tap: ({ event }) => {
      if (event.kind === 'featureRow' && event.asset === asset.name && wanted(event)) rows.push(event);
      if (event.kind === 'tickRow' && event.asset === asset.name) ticks.set(event.at, event);
      if (
        event.kind === 'minute' &&
        event.asset === asset.name &&
        event.bar.openAt > (bars.at(-1)?.openAt ?? 0)
      )
        bars.push(event.bar);
    },
  });
  return { rows, bars, ticks };
}

const written = async (filename: string, columns: readonly Column[]): Promise<void> => {
  const part = `${filename}.part`;
  try {
    await parquetWriteFile({
      filename: part,
      columnData: columns.map(({ name, type, data }) => ({ name, type, data, nullable: false })),
    });
    await rename(part, filename);
  } catch (cause) {
    await rm(part, { force: true });
    throw cause;
  }
};

/**
 * Writes a data set for training. Each row holds the features of the graph's own operators, the backbone's
 * forecasts and what came after. There is a row every `stepMinutes`, once the features are warm. Throws one
 * sentence for input that cannot be used.
 */
export async function dataset(options: DatasetOptions): Promise<DatasetReport> {
  const { asset, source, backbone, stepMinutes, out } = options;
  refuseOther('backbone', "the data set's", backbone.asset, asset.name);
  const range = options.now === undefined ? {} : { now: options.now };
  const wanted = ({ at, warm }: Pick<FeatureRow, 'at' | 'warm'>): boolean =>
    warm && at % (stepMinutes * MINUTE) === 0;
  const { rows, bars, ticks } =
    source.kind === 'bars'
      ? await ofBars(asset, await readBars(source.bars, source.volume, range), wanted)
      : await ofTapes(options, source, wanted);
  if (rows.length === 0)
    throw new Error('dataset: no minute was warm; give more bars, or a --history before the tapes');
  const labels =
    source.kind === 'bars' && source.labels.length > 0 ? await readBars(source.labels, [], range) : bars;
  const columns = [
    ...datasetColumns(rows, backbone, minuteGrid(labels, asset.floors.variance)),
    ...(source.kind === 'tapes' ? tickColumns(rows, ticks) : []),
  ];
  await written(out, columns);
  const minutes =
    options.minutes === undefined ? undefined : minuteColumns(bars, backbone, asset.floors.variance);
  if (options.minutes !== undefined && minutes) await written(options.minutes, minutes);
  const iso = (row: FeatureRow | undefined) => row && new Date(row.at / 1_000).toISOString();
  return {
    out,
    rows: rows.length,
    columns: columns.map(({ name }) => name),
    from: iso(rows[0]),
    until: iso(rows.at(-1)),
    minutes: minutes?.[0]?.data.length,
  };
}
