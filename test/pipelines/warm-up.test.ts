import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { warmUp } from '../../pipelines/edges/warm-up.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { DAY, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { HISTORY_HEADER, historyLine } from '../../src/tape/history-line.ts';
import type { KrakenOhlcRow } from '../../src/venues/kraken/rest-wire.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Printed, pagesOf, printed } from '../venues/kraken/trades-server.ts';
import { type HandRestOptions, handRest } from './hand-rest.ts';

const NOW = 29_314_800 * MINUTE + 20 * SECOND;
const LAST_CLOSED = 29_314_799 * MINUTE;
const CANDLES = 720;
const FIRST_CANDLE = LAST_CLOSED - (CANDLES - 2) * MINUTE;
const folder = tempFolder();
let files = 0;

/** The price of a minute, so that a bar shows where it came from. */
const priceAt = (openAt: Micros, source: 'file' | 'trades' | 'candles'): number =>
  60_000 + ((openAt / MINUTE) % 97) + { file: 0.1, trades: 0.2, candles: 0.3 }[source];
const flatBar = (openAt: Micros, price: number, volume: number): MinuteBar => ({
  openAt,
  open: price,
  high: price,
  low: price,
  close: price,
  volume,
  flag: 0,
});

/** Kraken's newest candles, the last of which is forming. */
const candles = (count = CANDLES): readonly KrakenOhlcRow[] =>
  Array.from({ length: count }, (_, n) => {
    const openAt = LAST_CLOSED + MINUTE - (count - 1 - n) * MINUTE;
    const price = priceAt(openAt, 'candles').toFixed(1);
    return [openAt / SECOND, price, price, price, price, price, '2.5', 3];
  });
/** A history file up to and with the minute before `until`. */
const fileUntil = (until: Micros, span = 3 * DAY): string => {
  const path = join(folder, `history-${++files}.csv`);
  const lines: string[] = [];
  for (let openAt = until - span; openAt < until; openAt += MINUTE)
    lines.push(historyLine(flatBar(openAt, priceAt(openAt, 'file'), 1)));
  writeFileSync(path, HISTORY_HEADER + lines.join(''));
  return path;
};
/** A trade in the middle of each minute that `open` wants, from an hour before the candles until now. */
const trades = (wanted: (openAt: Micros) => boolean = () => true): readonly Printed[] => {
  const list: Printed[] = [];
  for (let openAt = FIRST_CANDLE - 400 * MINUTE; openAt <= LAST_CLOSED; openAt += MINUTE)
    if (wanted(openAt))
      list.push(printed(1 + list.length, BigInt(openAt + 30 * SECOND) * 1_000n, priceAt(openAt, 'trades')));
  return list;
};
const rest = (given: Partial<HandRestOptions> = {}) =>
  handRest({
    ...pagesOf(trades(), 50),
    candles: { kind: 'ok', resource: '', text: '', value: candles() },
    ...given,
  });
const warm = (port: ReturnType<typeof rest>, file: string | undefined, now = NOW) =>
  warmUp({ rest: port.rest, symbol: 'BTC/USD', file, now });

/** Fails unless bars follow each other without a hole up to the last closed minute. */
const expectWhole = (bars: readonly MinuteBar[]): void => {
  expect(bars.at(-1)?.openAt).toBe(LAST_CLOSED);
  bars.forEach(({ openAt }, n) => {
    if (n > 0) expect(openAt - (bars[n - 1]?.openAt ?? 0)).toBe(MINUTE);
  });
};
const sources = (bars: readonly MinuteBar[]): readonly string[] => [
  ...new Set(
    bars.map(({ close }) => ({ 1: 'file', 2: 'trades', 3: 'candles' })[Math.round(close * 10) % 10] ?? '?'),
  ),
];

describe('warmUp', () => {
  test('a file that meets the candles needs no trades: file first, candles after, none twice', async () => {
    const port = rest();
    const { bars, problems } = await warm(port, fileUntil(FIRST_CANDLE + 100 * MINUTE));
    expectWhole(bars);
    expect([problems, port.asked, sources(bars)]).toEqual([[], [], ['file', 'candles']]);
    expect(bars.find(({ openAt }) => openAt === FIRST_CANDLE)).toEqual(
      flatBar(FIRST_CANDLE, priceAt(FIRST_CANDLE, 'candles'), 2.5),
    );
  });

  test('a file that ends where the candles begin joins on', async () => {
    const { bars, problems } = await warm(rest(), fileUntil(FIRST_CANDLE));
    expectWhole(bars);
    expect(problems).toEqual([]);
  });

  test.each([
    ['the same time as ours', 0, 0],
    ['behind ours: the last candle is of a minute that is over for us', 2 * MINUTE, 0],
    ['ahead of ours: the last candles are of minutes that are not over for us', -2 * MINUTE, 2],
  ])("the candle that is forming is left out where Kraken's clock is %s", async (_, ourLead, fewer) => {
    const { bars } = await warm(rest(), fileUntil(FIRST_CANDLE), NOW + ourLead);
    expect(bars.at(-1)?.openAt).toBe(LAST_CLOSED - fewer * MINUTE);
  });

  test.each([1, 60, 360])(
    'a hole of %d minutes between file and candles is filled from trades',
    async (minutes) => {
      const port = rest();
      const holeFrom = FIRST_CANDLE - minutes * MINUTE;
      const { bars, problems } = await warm(port, fileUntil(holeFrom));
      expectWhole(bars);
      expect([problems, sources(bars)]).toEqual([[], ['file', 'trades', 'candles']]);
      expect(port.asked[0]).toBe(`${holeFrom - 1}000`);
      expect(bars.filter(({ openAt }) => openAt >= holeFrom && openAt < FIRST_CANDLE)).toHaveLength(minutes);
    },
  );

  test('minutes of the hole in which nobody traded are flat, its first ones at the close of the file', async () => {
    const holeFrom = FIRST_CANDLE - 60 * MINUTE;
    const quiet = trades(
      (openAt) => openAt < holeFrom || (openAt >= holeFrom + 3 * MINUTE && openAt % (2 * MINUTE) === 0),
    );
    const { bars, problems } = await warm(rest(pagesOf(quiet, 50)), fileUntil(holeFrom));
    expectWhole(bars);
    expect(problems).toEqual([]);
    const close = priceAt(holeFrom - MINUTE, 'file');
    expect(bars.find(({ openAt }) => openAt === holeFrom)).toEqual(flatBar(holeFrom, close, 0));
  });

  test('a hole in which nobody traded at all is flat', async () => {
    const holeFrom = FIRST_CANDLE - 5 * MINUTE;
    const { bars } = await warm(rest(pagesOf([], 50)), fileUntil(holeFrom));
    expectWhole(bars);
  });

  test('a longer hole is not fetched: file and candles with the hole between them, and what to do about it', async () => {
    const port = rest();
    const { bars, problems } = await warm(port, fileUntil(FIRST_CANDLE - 361 * MINUTE));
    expect([bars.length, sources(bars), port.asked]).toEqual([
      CANDLES - 1 + 3 * 1_440,
      ['file', 'candles'],
      [],
    ]);
    expect(problems).toEqual([
      "the history ends 361 minutes before Kraken's candles begin, which stay a hole: bring it up to date with voltage history",
    ]);
  });

  test('trades that cannot be had leave the hole, and it is told', async () => {
    const port = rest({ fails: (nth) => (nth === 1 ? 'HTTP 503' : undefined) });
    const { bars, problems } = await warm(port, fileUntil(FIRST_CANDLE - 90 * MINUTE));
    expect(sources(bars)).toEqual(['file', 'candles']);
    expect(problems).toEqual([expect.stringMatching(/^the history ends 90 minutes before/)]);
  });

  test('without a file the candles are all there is, and the operator is told what to run', async () => {
    const { bars, problems } = await warm(rest(), undefined);
    expectWhole(bars);
    expect(bars).toHaveLength(CANDLES - 1);
    expect(problems).toEqual([
      expect.stringMatching(/^no history before the last 719 minutes: .*voltage history --days 8/),
    ]);
  });

  test('a file that is weeks old serves nothing, and is refused by name', async () => {
    const file = fileUntil(NOW - 20 * SECOND - 9 * DAY, DAY);
    await expect(warm(rest(), file)).rejects.toThrow(
      /^history: \S+\.csv has no bar of the last 8 days; bring it up to date with voltage history/,
    );
  });

  test('a file of another pair or another zone is refused by name, where it meets the candles and where it ends before them', async () => {
    const altered = (until: Micros, change: (bar: MinuteBar) => MinuteBar): string => {
      const path = join(folder, `altered-${++files}.csv`);
      const lines: string[] = [];
      for (let openAt = until - 3 * DAY; openAt < until; openAt += MINUTE)
        lines.push(historyLine(change(flatBar(openAt, priceAt(openAt, 'file'), 1))));
      writeFileSync(path, HISTORY_HEADER + lines.join(''));
      return path;
    };
    const eth = (bar: MinuteBar): MinuteBar => flatBar(bar.openAt, bar.close / 35, 1);
    const zone = (bar: MinuteBar): MinuteBar =>
      flatBar(bar.openAt, priceAt(bar.openAt - 60 * MINUTE, 'file'), 1);
    const meets = FIRST_CANDLE + 300 * MINUTE;
    await expect(warm(rest(), altered(meets, eth))).rejects.toThrow(
      /altered-\d+\.csv is not of BTC\/USD at Kraken: /,
    );
    await expect(warm(rest(), altered(meets, zone))).rejects.toThrow(/when they are read 60 minutes later/);
    await expect(warm(rest(), altered(FIRST_CANDLE, eth))).rejects.toThrow(/which no volatility explains/);
    await expect(warm(rest(), altered(FIRST_CANDLE - 30 * MINUTE, eth))).rejects.toThrow(
      /no volatility explains/,
    );
    expect(
      (
        await warm(
          rest(),
          altered(meets, (bar) => bar),
        )
      ).problems,
    ).toEqual([]);
  });

  test('no more of the file than eight days is kept', async () => {
    const { bars } = await warm(rest(), fileUntil(FIRST_CANDLE, 9 * DAY));
    expect(bars[0]?.openAt).toBeGreaterThanOrEqual(NOW - 8 * DAY);
    expect(bars[0]?.openAt).toBeLessThan(NOW - 8 * DAY + MINUTE);
  });

  test('without candles there are no bars, for a hole would be at their end, and the reason is told', async () => {
    const port = rest({ candles: { kind: 'failed', resource: '', why: 'HTTP 503' } });
    expect(await warm(port, fileUntil(FIRST_CANDLE))).toEqual({
      bars: [],
      problems: ["Kraken's candles could not be had (HTTP 503): the forecast warms as minutes pass"],
    });
  });
});
