import { rename, rm } from 'node:fs/promises';
import { parquetWriteFile } from 'hyparquet-writer';
import type { GridPoint } from '../../src/config/grid.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { DeskOutput } from '../../src/execution/desk/desk-events.ts';
import { fillMarker } from '../../src/research/score/fill-marker.ts';
import { type TradeRecord, tradeRecord } from '../../src/research/score/trade-record.ts';
import { runLog } from '../run/run-log.ts';
import { summariser } from '../run/summary.ts';
import { type BacktestOptions, backtest } from './backtest.ts';

/** What to sweep: as a back-test, with the points of a grid in place of its settings. */
export interface SweepOptions
  extends Omit<BacktestOptions, 'out' | 'settings' | 'tap' | 'besides' | 'models' | 'differences'> {
  readonly points: readonly GridPoint[];
  /** A Parquet file of one row a point. */
  readonly out: string | undefined;
}

/** What came of one point. */
export interface SweptDesk {
  readonly approved: number;
  readonly abstained: number;
  readonly orders: number;
  readonly fills: number;
  readonly pnlDollars: number;
  readonly feesDollars: number;
  readonly cashDollars: number;
  readonly worstDollars: number;
}

/** The result of a sweep. Each list has one entry a point, in the order of the grid. */
export interface SweepSummary {
  readonly lane: 'sweep';
  readonly tapes: number;
  readonly frames: number;
  readonly desks: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** True if the sweep was ended before its tapes; else absent. */
  readonly interrupted?: true;
  readonly warnings: readonly string[];
  readonly lacks: readonly string[];
  readonly settings: readonly Readonly<Record<string, unknown>>[];
  /** The SHA-256 of each desk's decisions: that of a back-test with the same settings. */
  readonly hashes: readonly string[];
  readonly results: readonly SweptDesk[];
  /** Profit with its interval, and by tactic with markouts. */
  readonly trades: readonly TradeRecord[];
}

/** Writes a sweep as a Parquet file of one row a point, whole or not at all. Throws the file system's error. */
export async function writeSweep(filename: string, summary: SweepSummary): Promise<void> {
  const part = `${filename}.part`;
  const numbers = ['approved', 'abstained', 'orders', 'fills'] as const;
  const dollars = ['pnlDollars', 'feesDollars', 'cashDollars', 'worstDollars'] as const;
  const { settings, hashes, results } = summary;
  const column = (name: string, type: 'STRING' | 'INT32' | 'DOUBLE', data: readonly (string | number)[]) => ({
    name,
    type,
    data: [...data],
    nullable: false,
  });
  try {
    await parquetWriteFile({
      filename: part,
      columnData: [
        column(
          'point',
          'INT32',
          hashes.map((_, i) => i + 1),
        ),
        column(
          'settings',
          'STRING',
          settings.map((values) => JSON.stringify(values)),
        ),
        ...numbers.map((name) =>
          column(
            name,
            'INT32',
            results.map((each) => each[name]),
          ),
        ),
        ...dollars.map((name) =>
          column(
            name,
            'DOUBLE',
            results.map((each) => each[name]),
          ),
        ),
        column('decisionSha256', 'STRING', hashes),
      ],
    });
    await rename(part, filename);
  } catch (cause) {
    await rm(part, { force: true });
    throw cause;
  }
}

/** Gives a marker what a desk tells. */
const marking = (marker: ReturnType<typeof fillMarker>, event: AuditEvent): void => {
  if (event.kind === 'decision') marker.decided(event);
  else if (event.kind === 'fill') marker.filled(event);
  else if (event.kind === 'settlement') marker.settled(event.ticker, event.result);
};

/**
 * Asks one market of many settings: tapes are decoded once, with one index and one forecast, and each point
 * of the grid is a desk of its own with an account of its own. What a desk decides is what a back-test with
 * its settings decides, byte for byte. Throws one sentence for input that cannot be used.
 */
export async function sweep(options: SweepOptions): Promise<SweepSummary> {
  const { points, out, ...inputs } = options;
  const sinceCpu = process.cpuUsage();
  const [first, ...others] = points;
  if (!first) throw new Error('sweep: a grid must have a point');
  const besides = others.map(({ settings }) => {
    const log = runLog(undefined);
    const totals = summariser(settings.assets);
    const marker = fillMarker();
    const tell = (event: DeskOutput): void => {
      totals.add(event);
      log.add(event);
      marking(marker, event);
    };
    return { settings, log, totals, marker, tell };
  });
  // The first point is the lane's own desk.
  const own = fillMarker();
  const lane = await backtest({
    ...inputs,
    out: undefined,
    settings: first.settings,
    besides,
    tap: ({ event }) => marking(own, event),
  });
  const hashes = [lane.decisionSha256, ...besides.map(({ log }) => log.close())];
  const totals = [lane, ...besides.map((each) => each.totals.read())];
  const { user, system } = process.cpuUsage(sinceCpu);
  const swept: SweepSummary = {
    lane: 'sweep',
    tapes: lane.tapes,
    frames: lane.frames,
    desks: points.length,
    cpuSeconds: Math.round((user + system) / 1000) / 1000,
    wallSeconds: lane.wallSeconds,
    ...(lane.interrupted && { interrupted: true as const }),
    warnings: lane.warnings,
    lacks: lane.lacks,
    settings: points.map(({ values }) => values),
    hashes,
    results: totals.map(({ decisions, orders, fills, pnlDollars, feesDollars, ...account }, i) => ({
      approved: decisions.approved,
      abstained: decisions.abstained,
      orders,
      fills,
      pnlDollars,
      feesDollars,
      // An account that was never told is as it began.
      cashDollars: account.cashDollars ?? points[i]?.settings.execution.desk.startingDollars ?? Number.NaN,
      worstDollars: account.worstDollars,
    })),
    trades: [own, ...besides.map(({ marker }) => marker)].map((marker) => tradeRecord(marker.read())),
  };
  if (out !== undefined) await writeSweep(out, swept);
  return swept;
}
