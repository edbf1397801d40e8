import type { MinuteBar } from '../domain/bars.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import { priceProblem, rowOrder, stampProblem } from './bar-problems.ts';
import { csvCells } from './csv-cells.ts';
import { decimal } from './decimal.ts';
import { readText } from './read-text.ts';

const VENUE_HEADER = 'timestamp_utc_seconds,open,high,low,close,volume,flag';
const INDEX_HEADER = 'timestamp_utc_seconds,open,high,low,close,n';
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const COMMA = 0x2c;
const QUOTE = 0x22;
/** Characters of a row that a message shows. */
const EXCERPT = 200;

/** Bars to keep: those whose open is in [from, before). */
export interface HistoryRange {
  readonly from?: Micros;
  readonly before?: Micros;
  /** The time now, where it is known: a bar more than a day after it is refused. */
  readonly now?: Micros;
  /** How many bars `readHistory` may hold; more are refused. */
  readonly mostBars?: number;
}

/**
 * Reads one-minute bars, oldest first, in blocks, so that a long file need not lie in memory. The file is CSV
 * as `readText` opens it. The header is `timestamp_utc_seconds,open,high,low,close,volume,flag`, or ends in
 * `…,close,n` (an index: volume 0, flag 0). Rows are checked as `bar-problems.ts` says; of rows before `from`
 * only the time is. Throws one sentence naming file, line, remedy and value.
 */
export async function* historyBlocks(
  path: string,
  { from, before, now }: HistoryRange = {},
): AsyncGenerator<readonly MinuteBar[]> {
  const fromSeconds = (from ?? Number.NEGATIVE_INFINITY) / SECOND;
  const beforeSeconds = (before ?? Number.POSITIVE_INFINITY) / SECOND;
  const commas = new Int32Array(8);
  const order = rowOrder();
  let columns = 0;
  let line = 0;
  let bytes: Uint8Array = new Uint8Array(0);
  let first = 0;
  let end = 0;
  const row = (): string => Buffer.from(bytes.subarray(first, Math.min(end, first + EXCERPT))).toString();
  const refuse = (what: string, value = row()): never => {
    throw new Error(`history: ${path} line ${line}: ${what}, was ${JSON.stringify(value)}`);
  };
  const cell = (column: number): number =>
    decimal(bytes, (commas[column] as number) + 1, commas[column + 1] as number);
  /** Puts a row with quotes in its plain form. */
  const unquote = (): void => {
    const cells = csvCells(Buffer.from(bytes.subarray(first, end)).toString());
    if (!cells) refuse('the quotes of the row are broken (RFC 4180)');
    bytes = Buffer.from((cells ?? []).join(','));
    first = 0;
    end = bytes.length;
  };

  for await (const block of readText(path, 'history')) {
    const bars: MinuteBar[] = [];
    for (let start = 0; start < block.length; ) {
      const newline = block.indexOf(NEWLINE, start);
      const next = newline < 0 ? block.length : newline;
      bytes = block;
      first = start;
      end = next > first && block[next - 1] === RETURN ? next - 1 : next;
      start = next + 1;
      line += 1;
      if (columns === 0) {
        if (bytes[first] === QUOTE) unquote();
        if (row() === VENUE_HEADER) columns = 7;
        else if (row() === INDEX_HEADER) columns = 6;
        else refuse(`the header must be ${VENUE_HEADER} or ${INDEX_HEADER}`);
        continue;
      }
      if (end === first) continue;
      // Most of a long history lies before the wanted range. Of such a row only the time is read.
      const early = bytes[first + 10] === COMMA ? decimal(bytes, first, first + 10) : Number.NaN;
      if (early < fromSeconds && early % 60 === 0) {
        const problem = stampProblem(early, now) ?? order.next(early, line);
        if (problem) refuse(problem);
        continue;
      }

      let cells = 1;
      for (let at = first; at < end; at += 1) {
        if (bytes[at] === QUOTE) {
          unquote();
          cells = 1;
          at = -1;
          continue;
        }
        if (bytes[at] !== COMMA) continue;
        if (cells < commas.length) commas[cells] = at;
        cells += 1;
      }
      if (cells !== columns) refuse(`a row must have ${columns} columns`);
      commas[0] = first - 1;
      commas[cells] = end;

      const seconds = cell(0);
      const misplaced = stampProblem(seconds, now) ?? order.next(seconds, line);
      if (misplaced) refuse(misplaced);
      if (seconds < fromSeconds) continue;
      if (seconds >= beforeSeconds) {
        const apart = order.interval();
        if (apart) refuse(apart);
        yield bars;
        return;
      }
      const [open, high, low, close] = [cell(1), cell(2), cell(3), cell(4)];
      const volume = columns === 7 ? cell(5) : 0;
      const flag = columns === 7 ? cell(6) : 0;
      const problem = priceProblem(open, high, low, close, volume);
      if (problem) refuse(problem);
      if (flag !== 0 && flag !== 1 && flag !== 2) {
        refuse('the flag must be 0, 1 or 2');
        continue;
      }
      bars.push({ openAt: seconds * SECOND, open, high, low, close, volume, flag });
    }
    yield bars;
  }
  if (columns === 0) refuse('the file is empty, give a CSV of one-minute bars', '');
  const apart = order.interval();
  if (apart) refuse(apart);
}

/** The bars of `historyBlocks` as one list. */
export async function readHistory(path: string, range: HistoryRange = {}): Promise<MinuteBar[]> {
  const bars: MinuteBar[] = [];
  const { mostBars = Number.POSITIVE_INFINITY } = range;
  for await (const block of historyBlocks(path, range)) {
    if (bars.length + block.length > mostBars)
      throw new Error(
        `history: ${path} holds more than the ${mostBars} bars that this process has memory for; give it more (NODE_OPTIONS=--max-old-space-size=2048) or a shorter file`,
      );
    for (const bar of block) bars.push(bar);
  }
  return bars;
}
