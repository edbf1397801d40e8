import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { MinuteBar } from '../domain/bars.ts';
import { MINUTE, SECOND } from '../domain/time.ts';

const COLUMNS = 7;

/**
 * Bars of a one-minute CSV of Kraken's OHLCVT archive (support.kraken.com, article 360047124832):
 * `timestamp,open,high,low,close,volume,trades` without a header, where the timestamp is a bar's start in
 * seconds and empty minutes are left out. Empty minutes are filled in, flat at the close before them. Throws
 * one sentence naming file and line.
 */
export async function* importOhlcvt(path: string): AsyncGenerator<MinuteBar> {
  let number = 0;
  let last: MinuteBar | undefined;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number++;
    if (line === '') continue;
    const refuse = (what: string): never => {
      throw new Error(`ohlcvt: ${path} line ${number}: ${what}, was ${JSON.stringify(line.slice(0, 200))}`);
    };
    const cells = line.split(',');
    if (cells.length !== COLUMNS)
      refuse(
        'a row must have timestamp, open, high, low, close, volume and trades (is this the one-minute file?)',
      );
    const [seconds, open, high, low, close, volume] = cells.map((cell) =>
      cell === '' ? Number.NaN : Number(cell),
    ) as [number, number, number, number, number, number];
    if (!Number.isInteger(seconds) || (seconds * SECOND) % MINUTE !== 0)
      refuse('the timestamp must be UTC seconds at a whole minute');
    if (!(open > 0 && high > 0 && low > 0 && close > 0)) refuse('prices must be above 0');
    if (!(volume >= 0)) refuse('the volume must be 0 or more');
    const openAt = seconds * SECOND;
    if (last && openAt <= last.openAt) refuse('rows must be in order of time without repeats');
    for (let at = last ? last.openAt + MINUTE : openAt; last && at < openAt; at += MINUTE) {
      const { close: before } = last;
      yield { openAt: at, open: before, high: before, low: before, close: before, volume: 0, flag: 0 };
    }
    last = { openAt, open, high, low, close, volume, flag: 0 };
    yield last;
  }
}
