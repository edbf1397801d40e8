import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { firstValueFrom } from 'rxjs';
import { z } from 'zod';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { MILLISECOND, MINUTE, type Micros } from '../../src/domain/time.ts';
import { HISTORY_HEADER, historyLine } from '../../src/tape/history-line.ts';
import { importOhlcvt } from '../../src/tape/import-ohlcvt.ts';
import { writeAll } from '../../src/tape/write-all.ts';
import { addTrades, barsUntil, noBars } from '../../src/venues/kraken/bars-of-trades.ts';
import type { KrakenRest } from '../../src/venues/kraken/rest.ts';
import { refuseExisting } from './refuse-existing.ts';

/** What to download. */
export interface HistoryOptions {
  readonly rest: KrakenRest;
  readonly symbol: string;
  /** Whole minutes; bars that open in [from, until) are written. */
  readonly from: Micros;
  readonly until: Micros;
  /**
   * CSV of bars, compressed if its name ends in `.gz`. Until it is complete, the files are `OUT.part` and
   * `OUT.cursor`.
   */
  readonly out: string;
  /** Called after each page with the time reached. */
  readonly progress?: (at: Micros, bars: number) => void;
  readonly stopped?: () => boolean;
  /** Replace `out` if it is there; without it, a file that is there is refused. */
  readonly force?: boolean;
}

/** The result of a download. The same call after an interruption goes on where the last one stopped. */
export interface HistoryResult {
  readonly kind: 'complete' | 'interrupted';
  readonly out: string;
  readonly bars: number;
  readonly pages: number;
  /** Trades that Kraken's pages left out; the bars around them have flag 1. Absent if there are none. */
  readonly missingTrades?: number;
}

const bar = z.object({
  openAt: z.int(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  flag: z.union([z.literal(0), z.literal(1)]),
});
const cursorSchema = z.object({
  symbol: z.string(),
  from: z.int(),
  until: z.int(),
  since: z.string(),
  bytes: z.int().positive(),
  bars: z.int().nonnegative(),
  state: z.object({
    minute: z.int(),
    bar: bar.optional(),
    close: z.number().optional(),
    lastId: z.int(),
    missingTrades: z.int().nonnegative().default(0),
  }),
});
type Cursor = z.infer<typeof cursorSchema>;

const write = async (path: string, text: string): Promise<void> => {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The cursor of an earlier run, if it was for the same bars and is whole. Throws if it was for other bars,
 * since they would be mixed.
 */
async function resume({ symbol, from, until, out }: HistoryOptions): Promise<Cursor | undefined> {
  const path = `${out}.cursor`;
  if (!existsSync(path) || !existsSync(`${out}.part`)) return undefined;
  const read = cursorSchema.safeParse(jsonOf(await readFile(path, 'utf8')));
  if (!read.success)
    throw new Error(`history: ${path} is no cursor of ours: delete it and ${out}.part to begin anew`);
  const cursor = read.data;
  if (cursor.symbol !== symbol || cursor.from !== from || cursor.until !== until)
    throw new Error(
      `history: ${path} is of ${cursor.symbol} from ${iso(cursor.from)} to ${iso(cursor.until)}: ask for the same again, or delete it and ${out}.part`,
    );
  if ((await stat(`${out}.part`)).size < cursor.bytes)
    throw new Error(`history: ${out}.part is shorter than ${path} says: delete both`);
  return cursor;
}

const iso = (at: Micros): string => new Date(at / MILLISECOND).toISOString();

/** Gives the finished file its name, and compresses it if the name ends in `.gz`. */
async function finish(part: string, out: string): Promise<void> {
  if (!out.endsWith('.gz')) {
    await rename(part, out);
    return;
  }
  try {
    await pipeline(createReadStream(part), createGzip(), createWriteStream(`${out}.new`));
    await rename(`${out}.new`, out);
  } catch (cause) {
    await rm(`${out}.new`, { force: true });
    throw cause;
  }
  await rm(part);
}

/**
 * Downloads one-minute bars of a pair from Kraken's public trades, page by page (about ninety pages a day of
 * BTC/USD), since `OHLC` reaches back twelve hours only. A minute without trades is flat at the close before
 * it. After any interruption the same call goes on from the last page, and the file comes out the same, byte
 * for byte.
 */
export async function history(options: HistoryOptions): Promise<HistoryResult> {
  const { rest, symbol, from, until, out } = options;
  const part = `${out}.part`;
  const cursorPath = `${out}.cursor`;
  refuseExisting('history', out, options.force);
  const before = await resume(options);
  let state: Parameters<typeof addTrades>[0] = before
    ? { ...before.state, bar: before.state.bar, close: before.state.close }
    : noBars(from);
  let since = before?.since ?? `${from - 1}000`;
  let bars = before?.bars ?? 0;
  let bytes = before?.bytes ?? HISTORY_HEADER.length;
  if (before) await truncate(part, bytes);
  else await writeFile(part, HISTORY_HEADER);
  const file = await open(part, 'a');
  let pages = 0;
  const keep = async (made: readonly MinuteBar[]): Promise<void> => {
    const text = made
      .filter(({ openAt }) => openAt >= from && openAt < until)
      .map(historyLine)
      .join('');
    if (text === '') return;
    await writeAll(file, Buffer.from(text));
    bytes += Buffer.byteLength(text);
    bars += text.split('\n').length - 1;
  };
  try {
    while (state.minute < until) {
      if (options.stopped?.()) return { kind: 'interrupted', out, bars, pages };
      const answer = await firstValueFrom(rest.trades(symbol, since));
      if (answer.kind === 'failed')
        throw new Error(`history: ${answer.resource}: ${answer.why}; ask again to go on`);
      pages++;
      const { rows, last } = answer.value;
      const added = addTrades(state, rows);
      const complete = last === since || rows.length === 0;
      const done = complete ? barsUntil(added.state, until) : added;
      await keep(complete ? [...added.bars, ...done.bars] : added.bars);
      state = done.state;
      since = last;
      await file.sync();
      await write(
        cursorPath,
        JSON.stringify({ symbol, from, until, since, bytes, bars, state } satisfies Cursor | object),
      );
      options.progress?.(Math.min(state.minute, until), bars);
      if (complete) break;
    }
  } finally {
    await file.close();
  }
  refuseExisting('history', out, options.force);
  await finish(part, out);
  await rm(cursorPath, { force: true });
  const { missingTrades } = state;
  return { kind: 'complete', out, bars, pages, ...(missingTrades > 0 && { missingTrades }) };
}

/** How to import. */
export interface ImportOptions {
  /** Replace the file if it is there; without it, a file that is there is refused. */
  readonly force?: boolean;
  /** The time now: rows of the future are refused. */
  readonly now?: Micros;
  /** Asked between blocks of rows: true ends the import without a file. */
  readonly stopped?: () => boolean;
}

/**
 * Converts a one-minute file of Kraken's OHLCVT archive. No half-written file is left behind; if it is `stopped`
 * before the end, there is none.
 */
export async function importHistory(
  from: string,
  out: string,
  { force, now, stopped = () => false }: ImportOptions = {},
): Promise<{ readonly kind: 'complete' | 'interrupted'; readonly bars: number }> {
  refuseExisting('history', out, force);
  const interrupted = new Error('history: interrupted');
  const part = `${out}.part`;
  let bars = 0;
  async function* lines(): AsyncGenerator<string> {
    yield HISTORY_HEADER;
    for await (const block of importOhlcvt(from, now)) {
      if (stopped()) throw interrupted;
      bars += block.length;
      yield block.map(historyLine).join('');
    }
    if (bars === 0) throw new Error(`ohlcvt: ${from} holds no row; name the one-minute file of the archive`);
  }
  try {
    await pipeline(lines, createWriteStream(part));
    if (stopped()) throw interrupted;
    await finish(part, out);
  } catch (cause) {
    await rm(part, { force: true });
    if (cause === interrupted) return { kind: 'interrupted', bars: 0 };
    throw cause;
  }
  return { kind: 'complete', bars };
}

/** The span of `days` that ends at `now`, in whole minutes. */
export const lastDays = (now: Micros, days: number): { readonly from: Micros; readonly until: Micros } => {
  const until = Math.floor(now / MINUTE) * MINUTE;
  return { from: until - days * 1_440 * MINUTE, until };
};
