import type { MinuteBar } from '../domain/bars.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import { readBlocks } from './blocks.ts';
import { decimal } from './decimal.ts';

const VENUE_HEADER = 'timestamp_utc_seconds,open,high,low,close,volume,flag';
const INDEX_HEADER = 'timestamp_utc_seconds,open,high,low,close,n';
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const COMMA = 0x2c;

/** Bars to keep: those whose open is in [from, before). */
export interface HistoryRange {
  readonly from?: Micros;
  readonly before?: Micros;
}

/**
 * Reads one-minute bars, oldest first, from CSV, plain or gzip. The header is
 * `timestamp_utc_seconds,open,high,low,close,volume,flag`, or ends in `…,close,n` (an index: volume 0, flag
 * 0). Throws one sentence naming file, line, remedy and value.
 */
export async function readHistory(path: string, { from, before }: HistoryRange = {}): Promise<MinuteBar[]> {
  const bars: MinuteBar[] = [];
  const fromSeconds = (from ?? Number.NEGATIVE_INFINITY) / SECOND;
  const beforeSeconds = (before ?? Number.POSITIVE_INFINITY) / SECOND;
  const commas = new Int32Array(8);
  let columns = 0;
  let line = 0;
  let previous = Number.NEGATIVE_INFINITY;
  let bytes: Uint8Array = new Uint8Array(0);
  let first = 0;
  let end = 0;
  const row = (): string => String.fromCharCode(...bytes.subarray(first, Math.min(end, first + 200)));
  const refuse = (what: string, value = row()): never => {
    throw new Error(`history: ${path} line ${line}: ${what}, was ${JSON.stringify(value)}`);
  };
  const cell = (column: number): number =>
    decimal(bytes, (commas[column] as number) + 1, commas[column + 1] as number);
  const damaged = (why: string): never => refuse('the gzip file is damaged, fetch it again', why);

  for await (const block of readBlocks(path, damaged)) {
    bytes = block;
    for (let start = 0; start < block.length; ) {
      const newline = block.indexOf(NEWLINE, start);
      const next = newline < 0 ? block.length : newline;
      first = start;
      end = next > first && block[next - 1] === RETURN ? next - 1 : next;
      start = next + 1;
      line += 1;
      if (columns === 0) {
        if (row() === VENUE_HEADER) columns = 7;
        else if (row() === INDEX_HEADER) columns = 6;
        else refuse(`the header must be ${VENUE_HEADER} or ${INDEX_HEADER}`);
        continue;
      }
      if (end === first) continue;
      // Most of a long history lies before the wanted range. Of such a row only the time is read.
      const early = block[first + 10] === COMMA ? decimal(block, first, first + 10) : Number.NaN;
      if (early < fromSeconds && early > previous && early % 60 === 0) {
        previous = early;
        continue;
      }

      let cells = 1;
      for (let at = first; at < end; at += 1) {
        if (block[at] !== COMMA) continue;
        if (cells < commas.length) commas[cells] = at;
        cells += 1;
      }
      if (cells !== columns) refuse(`a row must have ${columns} columns`);
      commas[0] = first - 1;
      commas[cells] = end;

      const seconds = cell(0);
      if (seconds % 60 !== 0) refuse('the timestamp must be UTC seconds at a whole minute');
      if (seconds <= previous) refuse('rows must be in order of time without repeats, sort the file');
      previous = seconds;
      if (seconds < fromSeconds) continue;
      if (seconds >= beforeSeconds) return bars;
      const [open, high, low, close] = [cell(1), cell(2), cell(3), cell(4)];
      // Written with `!`, since a cell that is not a number is NaN and must be refused.
      if (!(open > 0 && high > 0 && low > 0 && close > 0)) refuse('prices must be above 0, drop the row');
      const volume = columns === 7 ? cell(5) : 0;
      const flag = columns === 7 ? cell(6) : 0;
      if (!(volume >= 0)) refuse('the volume must be 0 or more');
      if (flag !== 0 && flag !== 1 && flag !== 2) {
        refuse('the flag must be 0, 1 or 2');
        continue;
      }
      bars.push({ openAt: seconds * SECOND, open, high, low, close, volume, flag });
    }
  }
  if (columns === 0) refuse('the file is empty, give a CSV of one-minute bars', '');
  return bars;
}
