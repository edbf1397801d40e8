import { rename, rm } from 'node:fs/promises';
import { parquetWriteFile } from 'hyparquet-writer';
import { concatMap, filter, from, lastValueFrom, toArray } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { MINUTE, type Micros } from '../../src/domain/time.ts';
import type { FeatureRow } from '../../src/features/feature-row.ts';
import { featureRows } from '../../src/features/feature-rows.ts';
import type { TickRow } from '../../src/features/tick-row.ts';
import type { Backbone } from '../../src/forecast/backbone.ts';
import { backboneForecaster } from '../../src/forecast/forecaster.ts';
import { minuteGrid } from '../../src/forecast/minute-grid.ts';
import { type Column, datasetColumns, tickColumns } from '../../src/research/dataset.ts';
import { minuteColumns } from '../../src/research/minute-columns.ts';
import { backtest } from '../lanes/backtest.ts';
import { readBars } from '../load/read-bars.ts';

/** Where rows come from, and where they go. */
export interface DatasetOptions {
  readonly source:
    | {
        readonly kind: 'bars';
        readonly bars: readonly string[];
        readonly volume: readonly string[];
        /** Bars that say what came after; the bars themselves when empty. */
        readonly labels: readonly string[];
      }
    | { readonly kind: 'tapes'; readonly tapes: readonly string[]; readonly history: string | undefined };
  readonly backbone: Backbone;
  readonly settings: Settings;
  /** Minutes from one row to the next; rows lie at whole multiples. */
  readonly stepMinutes: number;
  /** Rows as Parquet; replaced whole or not at all. */
  readonly out: string;
  /** One row a minute with the channels of sequence models, as Parquet. */
  readonly minutes: string | undefined;
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
  /** Rows of the tick set by their close; none where there are only bars. */
  readonly ticks: ReadonlyMap<Micros, TickRow>;
}

/** Rows of bars, by the operator that runs live. */
async function ofBars(bars: readonly MinuteBar[], wanted: (row: FeatureRow) => boolean): Promise<Read> {
  const minute = (bar: MinuteBar) => {
    const at = bar.openAt + MINUTE;
    return { kind: 'minute' as const, at, receivedAt: at, bar };
  };
  const rows = await lastValueFrom(
    from(bars).pipe(
      concatMap((bar) => [minute(bar)]),
      featureRows(),
      filter(wanted),
      toArray(),
    ),
  );
  return { rows, bars, ticks: new Map() };
}

/** Rows of tapes, out of the graph itself. */
async function ofTapes(
  { settings, backbone }: DatasetOptions,
  source: Extract<DatasetOptions['source'], { kind: 'tapes' }>,
  wanted: (row: FeatureRow) => boolean,
): Promise<Read> {
  const rows: FeatureRow[] = [];
  const bars: MinuteBar[] = [];
  const ticks = new Map<Micros, TickRow>();
  await backtest({
    tapes: source.tapes,
    history: source.history,
    settled: undefined,
    out: undefined,
    settings,
    openForecaster: async () => backboneForecaster(backbone),
    tap: (event) => {
      if (event.kind === 'featureRow' && wanted(event)) rows.push(event);
      if (event.kind === 'tickRow') ticks.set(event.at, event);
      if (event.kind === 'minute' && event.bar.openAt > (bars.at(-1)?.openAt ?? 0)) bars.push(event.bar);
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
 * Writes a data set for training: the features of the graph's own operators at every `stepMinutes`, warm rows only, beside the backbone's forecasts and what came
 * after. Throws one sentence for input that cannot be used.
 */
export async function dataset(options: DatasetOptions): Promise<DatasetReport> {
  const { source, backbone, stepMinutes, out } = options;
  const wanted = ({ at, warm }: FeatureRow): boolean => warm && at % (stepMinutes * MINUTE) === 0;
  const { rows, bars, ticks } =
    source.kind === 'bars'
      ? await ofBars(await readBars(source.bars, source.volume), wanted)
      : await ofTapes(options, source, wanted);
  if (rows.length === 0)
    throw new Error('dataset: no minute was warm; give more bars, or a --history before the tapes');
  const labels =
    source.kind === 'bars' && source.labels.length > 0 ? await readBars(source.labels, []) : bars;
  const columns = [
    ...datasetColumns(rows, backbone, minuteGrid(labels)),
    ...(source.kind === 'tapes' ? tickColumns(rows, ticks) : []),
  ];
  await written(out, columns);
  const minutes = options.minutes === undefined ? undefined : minuteColumns(bars, backbone);
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
