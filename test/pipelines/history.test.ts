import { appendFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type HistoryOptions, history, importHistory, lastDays } from '../../pipelines/research/history.ts';
import { DAY, MINUTE, SECOND } from '../../src/domain/time.ts';
import { readHistory } from '../../src/tape/history.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Printed, pagesOf, printed } from '../venues/kraken/trades-server.ts';
import { handRest } from './hand-rest.ts';

const FROM = 29_314_800 * MINUTE;
const UNTIL = FROM + 30 * MINUTE;
const folder = tempFolder();
let files = 0;
const fresh = (ending = '.csv'): string => join(folder, `bars-${++files}${ending}`);

/** Trades from before the span to after it, some minutes without any. */
const market: readonly Printed[] = Array.from({ length: 260 }, (_, n) =>
  printed(
    5_000 + n,
    BigInt(FROM - MINUTE + n * 7 * SECOND + (n > 90 ? 3 * MINUTE : 0)) * 1_000n + 789n,
    60_000 + ((n * 37) % 11),
    n + 1,
  ),
);
const server = pagesOf(market, 25);

/** Downloads, with what the test wants otherwise. */
const download = (out: string, rest: Partial<HistoryOptions> = {}) =>
  history({ rest: handRest(server).rest, symbol: 'BTC/USD', from: FROM, until: UNTIL, out, ...rest });
/** Stops after so many pages. */
const stopAfter = (pages: number): Partial<HistoryOptions> => {
  let seen = 0;
  return { progress: () => seen++, stopped: () => seen >= pages };
};
const failing = (nth: number): Partial<HistoryOptions> => ({
  rest: handRest({ ...server, fails: (n) => (n === nth ? 'HTTP 503' : undefined) }).rest,
});
const whole = async (): Promise<Buffer> => {
  const out = fresh();
  await download(out);
  return readFileSync(out);
};

describe('history', () => {
  test('the file holds every minute of the span, as the trades made it', async () => {
    const out = fresh();
    const result = await download(out);
    expect(result).toEqual({
      kind: 'complete',
      out,
      bars: 30,
      pages: expect.any(Number) as unknown as number,
    });
    const bars = await readHistory(out);
    expect(bars.map(({ openAt }) => openAt)).toEqual(Array.from({ length: 30 }, (_, n) => FROM + n * MINUTE));
    for (const bar of bars) {
      const its = market.filter(
        ({ row: [, , at] }) => Math.floor((at * SECOND) / MINUTE) * MINUTE === bar.openAt,
      );
      const prices = its.map(({ row: [price] }) => Number(price));
      const volume = its.reduce((sum, { row: [, text] }) => sum + Math.round(Number(text) * 1e8), 0) / 1e8;
      expect(bar.volume).toBe(volume);
      if (its.length > 0)
        expect(bar).toMatchObject({
          open: prices[0],
          high: Math.max(...prices),
          low: Math.min(...prices),
          close: prices.at(-1),
        });
    }
    expect(bars.filter(({ volume }) => volume === 0).length).toBeGreaterThan(1);
  });

  test('nothing else is left beside the file, and progress reached its end', async () => {
    const out = fresh();
    const reached: number[] = [];
    await download(out, { progress: (at) => reached.push(at) });
    expect(readdirSync(folder).filter((name) => join(folder, name).startsWith(out))).toEqual([
      out.slice(folder.length + 1),
    ]);
    expect(reached.at(-1)).toBe(UNTIL);
    expect(reached).toEqual(reached.toSorted((a, b) => a - b));
  });

  test('stopped after any page and asked for again, the file is the same byte for byte', async () => {
    const straight = fresh();
    const { pages: total } = await download(straight);
    const expected = readFileSync(straight);
    expect(total).toBeGreaterThan(8);
    for (let pages = 0; pages < total; pages++) {
      const out = fresh();
      const first = await download(out, stopAfter(pages));
      expect([first.kind, existsSync(out)]).toEqual(['interrupted', false]);
      const { rest, asked } = handRest(server);
      expect((await download(out, { rest })).kind).toBe('complete');
      expect(readFileSync(out).equals(expected)).toBe(true);
      expect(pages + asked.length).toBe(total);
    }
  });

  test('however it was stopped, failed or killed in between, the file is the same byte for byte', async () => {
    const expected = await whole();
    const accident = fc.record({
      kind: fc.constantFrom('stopped', 'failed', 'killed'),
      pages: fc.nat(4),
      junk: fc.constantFrom('', '1758', '1758888000,1,1,1,1,1,0\n', '\n\n'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(accident, { maxLength: 4 }), async (accidents) => {
        const out = fresh();
        for (const { kind, pages, junk } of accidents) {
          if (kind === 'failed') await download(out, failing(pages)).catch(() => undefined);
          else await download(out, stopAfter(pages));
          // Killed after the bars were written and before the cursor was.
          if (kind === 'killed' && existsSync(`${out}.part`)) appendFileSync(`${out}.part`, junk);
          if (existsSync(out)) return;
        }
        await download(out);
        expect(readFileSync(out).equals(expected)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('killed after the last page it finishes without asking again', async () => {
    const expected = await whole();
    const out = fresh();
    const killed = download(out, {
      progress: (at) => {
        if (at >= UNTIL) throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    const { rest, asked } = handRest(server);
    expect(await download(out, { rest })).toMatchObject({ kind: 'complete', bars: 30, pages: 0 });
    expect([asked, readFileSync(out).equals(expected)]).toEqual([[], true]);
  });

  test('killed after the page that ends trading it does not write the flat minutes twice', async () => {
    const short = pagesOf(market.slice(0, 60), 25);
    const straight = fresh();
    await download(straight, { rest: handRest(short).rest });
    const out = fresh();
    const killed = download(out, {
      rest: handRest(short).rest,
      progress: (at) => {
        if (at >= UNTIL) throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    await download(out, { rest: handRest(short).rest });
    expect(readFileSync(out).equals(readFileSync(straight))).toBe(true);
  });

  test('asks from just before the span, and on from where each page ended', async () => {
    const { rest, asked } = handRest(server);
    await download(fresh(), { rest });
    expect(asked[0]).toBe(`${FROM - 1}000`);
    expect(asked.slice(1).every((since) => market.some(({ nanos }) => String(nanos) === since))).toBe(true);
  });

  test('compressed, it holds the same bytes, resumed or not', async () => {
    const expected = await whole();
    const out = fresh('.csv.gz');
    await download(out, stopAfter(3));
    await download(out);
    expect(gunzipSync(readFileSync(out)).equals(expected)).toBe(true);
    expect(existsSync(`${out}.part`)).toBe(false);
  });

  test('pages that reach to the end of trading fill the rest of the span flat', async () => {
    const out = fresh();
    const short = pagesOf(market.slice(0, 60), 25);
    expect(await download(out, { rest: handRest(short).rest })).toMatchObject({ kind: 'complete', bars: 30 });
    const last = (await readHistory(out)).slice(-20);
    const price = Number(market[59]?.row[0]);
    expect(last.every((bar) => bar.volume === 0 && bar.open === price && bar.low === price)).toBe(true);
  });

  test('a page that cannot be had ends it with where, why and what to do', async () => {
    await expect(download(fresh(), failing(2))).rejects.toThrow(
      /^history: \/0\/public\/Trades\?\S+: HTTP 503; ask again to go on$/,
    );
  });

  test('what is left of other bars is refused, and of the same bars taken', async () => {
    const out = fresh();
    await download(out, stopAfter(2));
    for (const other of [{ symbol: 'ETH/USD' }, { from: FROM - MINUTE }, { until: UNTIL + MINUTE }])
      await expect(download(out, other)).rejects.toThrow(
        /\.cursor is of BTC\/USD from \S+Z to \S+Z: ask for the same again, or delete it and \S+\.part$/,
      );
    expect((await download(out)).kind).toBe('complete');
  });

  test.each([
    ['no JSON', 'ouch'],
    ['nothing', ''],
    ['other JSON', '{"since":1}'],
  ])('a cursor of %s is refused in a sentence', async (_, text) => {
    const out = fresh();
    await download(out, stopAfter(2));
    writeFileSync(`${out}.cursor`, text);
    await expect(download(out)).rejects.toThrow(
      /^history: \S+\.cursor is no cursor of ours: delete it and \S+\.part to begin anew$/,
    );
  });

  test('a part shorter than its cursor says is refused, not filled with nothing', async () => {
    const out = fresh();
    await download(out, stopAfter(4));
    truncateSync(`${out}.part`, 60);
    await expect(download(out)).rejects.toThrow(/\.part is shorter than \S+\.cursor says: delete both$/);
  });

  test('a file that is there is refused before a page is asked for, and replaced only by force', async () => {
    const out = fresh();
    writeFileSync(out, 'mine');
    const { rest, asked } = handRest(server);
    await expect(download(out, { rest })).rejects.toThrow(
      /is there already; name another --out, or add --force/,
    );
    expect([asked, readFileSync(out, 'utf8')]).toEqual([[], 'mine']);
    expect((await download(out, { force: true })).kind).toBe('complete');
  });

  test('trades that the pages leave out are counted, stopped or not, and their minutes have a flag', async () => {
    // More trades of one nanosecond than fit on a page: the venue goes on after that nanosecond.
    const at = BigInt(FROM + 5 * MINUTE) * 1_000n;
    const burst = Array.from({ length: 60 }, (_, n) => printed(200 + n, at, 60_000, 1));
    const before = printed(199, BigInt(FROM) * 1_000n, 60_000, 1);
    const after = printed(260, BigInt(FROM + 6 * MINUTE) * 1_000n, 60_000, 1);
    const { answer } = pagesOf([before, ...burst, after], 25);
    for (const stops of [0, 1, 2]) {
      const out = fresh();
      if (stops > 0) await download(out, { rest: handRest({ answer }).rest, ...stopAfter(stops) });
      const result = await download(out, { rest: handRest({ answer }).rest });
      expect(result.missingTrades).toBe(36);
      const flagged = (await readHistory(out)).filter(({ flag }) => flag !== 0);
      expect(flagged.map(({ openAt, flag }) => [(openAt - FROM) / MINUTE, flag])).toEqual([
        [5, 1],
        [6, 1],
      ]);
    }
  });

  test('the last days are whole minutes up to now', () => {
    expect(lastDays(FROM + 59 * SECOND, 2)).toEqual({ from: FROM - 2 * DAY, until: FROM });
  });
});

describe('importHistory', () => {
  const csv = (text: string): string => {
    const path = fresh('-archive.csv');
    writeFileSync(path, text);
    return path;
  };
  const GOOD = `${FROM / SECOND},1,4,0.5,2,0.00000096,3\n${FROM / SECOND + 120},2,2,2,2,1,1\n${FROM / SECOND + 180},2,2,2,2,1,1\n`;

  test.each(['.csv', '.csv.gz'])(
    'what it writes to %s is read as history, empty minutes put back',
    async (ending) => {
      const out = fresh(ending);
      expect(await importHistory(csv(GOOD), out)).toEqual({ kind: 'complete', bars: 4 });
      expect(await readHistory(out)).toEqual([
        { openAt: FROM, open: 1, high: 4, low: 0.5, close: 2, volume: 9.6e-7, flag: 0 },
        { openAt: FROM + MINUTE, open: 2, high: 2, low: 2, close: 2, volume: 0, flag: 0 },
        { openAt: FROM + 2 * MINUTE, open: 2, high: 2, low: 2, close: 2, volume: 1, flag: 0 },
        { openAt: FROM + 3 * MINUTE, open: 2, high: 2, low: 2, close: 2, volume: 1, flag: 0 },
      ]);
    },
  );

  test('small volumes are written without an exponent', async () => {
    const out = fresh();
    await importHistory(csv(GOOD), out);
    expect(readFileSync(out, 'utf8').split('\n')[1]).toBe(`${FROM / SECOND},1,4,0.5,2,0.00000096,0`);
  });

  test('a bad row leaves nothing half-written, and the file that was there as it was', async () => {
    const out = fresh();
    writeFileSync(out, 'before');
    await expect(
      importHistory(csv(`${GOOD}${FROM / SECOND + 240},0,1,1,1,1,1\n`), out, { force: true }),
    ).rejects.toThrow(/line 4: prices must be above 0/);
    expect([readFileSync(out, 'utf8'), existsSync(`${out}.part`)]).toEqual(['before', false]);
  });

  test('an archive that is not there is an error, not a crash', async () => {
    const out = fresh();
    await expect(importHistory(join(folder, 'absent.csv'), out)).rejects.toThrow(/ENOENT/);
    expect(existsSync(out)).toBe(false);
  });

  test('a download that waits to be resumed is not spoilt by an import to the same name', async () => {
    const expected = await whole();
    const out = fresh();
    await download(out, stopAfter(3));
    await importHistory(csv('nonsense\n'), out).catch(() => undefined);
    await download(out);
    expect(readFileSync(out).equals(expected)).toBe(true);
  });
});
