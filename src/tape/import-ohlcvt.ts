import type { MinuteBar } from '../domain/bars.ts';
import { FILL_LIMIT_MINUTES } from '../domain/fill-limit.ts';
import { MINUTE, type Micros, SECOND } from '../domain/time.ts';
import { priceProblem, rowOrder, stampProblem } from './bar-problems.ts';
import { csvCells } from './csv-cells.ts';
import { decimalOf } from './decimal.ts';
import { readText } from './read-text.ts';

const COLUMNS = 7;

/**
 * Bars of a one-minute CSV of Kraken's OHLCVT archive (support.kraken.com, article 360047124832):
 * `timestamp,open,high,low,close,volume,trades` without a header, where the timestamp is a bar's start in
 * seconds and empty minutes are left out. Empty minutes are filled in, flat at the close before them, up to
 * thirty in a row; a longer run is an outage and stays a hole, as it does live. The file is opened as
 * `readText` says, and its rows are checked as `bar-problems.ts` says. Throws one sentence naming file and
 * line.
 */
export async function* importOhlcvt(path: string, now?: Micros): AsyncGenerator<readonly MinuteBar[]> {
  const order = rowOrder();
  let number = 0;
  let last: MinuteBar | undefined;
  let row = '';
  const refuse = (what: string): never => {
    throw new Error(`ohlcvt: ${path} line ${number}: ${what}, was ${JSON.stringify(row.slice(0, 200))}`);
  };
  for await (const block of readText(path, 'ohlcvt')) {
    const bars: MinuteBar[] = [];
    const lines = block.toString().split('\n');
    // What follows the last line's end is no line.
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) {
      number++;
      row = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (row === '') continue;
      const cells = csvCells(row) ?? refuse('the quotes of the row are broken (RFC 4180)');
      if (cells.length !== COLUMNS)
        refuse(
          'a row must have timestamp, open, high, low, close, volume and trades (is this the one-minute file?)',
        );
      const [seconds, open, high, low, close, volume] = cells.map(decimalOf) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const problem =
        stampProblem(seconds, now) ??
        order.next(seconds, number) ??
        priceProblem(open, high, low, close, volume);
      if (problem) refuse(problem);
      const openAt = seconds * SECOND;
      if (last && openAt - last.openAt - MINUTE <= FILL_LIMIT_MINUTES * MINUTE)
        for (let at = last.openAt + MINUTE; at < openAt; at += MINUTE) {
          const { close: before } = last;
          bars.push({
            openAt: at,
            open: before,
            high: before,
            low: before,
            close: before,
            volume: 0,
            flag: 0,
          });
        }
      last = { openAt, open, high, low, close, volume, flag: 0 };
      bars.push(last);
    }
    yield bars;
  }
  const apart = order.interval();
  if (apart) refuse(apart);
}
