import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { openStore } from '../../../src/telemetry/store/open-store.ts';
import { eventually } from '../../support/eventually.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { idsIn, laneFolder, parts, quick, refusal } from './store-parts.ts';

const range = (count: number, from = 0): readonly number[] =>
  Array.from({ length: count }, (_, i) => from + i);

describe('the embedded store', () => {
  const root = tempFolder();

  test('holds every point once and in order, however small its files are and however often it is opened', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1024, max: 6000 }),
        fc.array(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 3 }), {
          minLength: 1,
          maxLength: 3,
        }),
        async (rotateBytes, sessions) => {
          const folder = laneFolder(root);
          let given = 0;
          for (const batches of sessions) {
            const store = openStore(quick({ rotateBytes }), { lane: 'paper' }, () => {}, parts(folder));
            for (const size of batches) {
              store.write(range(size, given).map((id) => refusal(id)));
              given += size;
            }
            await store.close();
          }
          expect(await idsIn(folder)).toEqual(range(given));
          expect(readdirSync(folder).filter((name) => !name.endsWith('.parquet'))).toEqual([]);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('keeps tags, types and text as they were given', async () => {
    const folder = laneFolder(root);
    const store = openStore(quick(), { lane: 'paper', label: 'it\'s, a "label"' }, () => {}, parts(folder));
    store.write([
      { ...refusal(7), fields: { ...refusal(7).fields, ticker: '\'"; DROP TABLE runs; --\n🙂' } },
      {
        measurement: 'feedSilence',
        at: 5,
        tags: { asset: 'BTC', feed: 'kraken' },
        fields: { silent: true, heardSecondsAgo: 0.5 },
      },
      {
        measurement: 'refusal',
        at: 6,
        tags: { series: 'X', check: 'edge' },
        fields: { observed: Number.NaN },
      },
    ]);
    await store.close();
    expect(store.stats()).toMatchObject({ written: 2, empty: 1, dropped: 0, queued: 0 });
    const [name = ''] = readdirSync(folder);
    const rowsOf = async (measurement: string) =>
      parquetReadObjects({ file: await asyncBufferFromFile(join(folder, name, `${measurement}.parquet`)) });
    expect(await rowsOf('refusal')).toEqual([
      {
        at: 1_780_320_600_000_007n,
        series: 'KXBTC15M',
        check: 'edge',
        lane: 'paper',
        label: 'it\'s, a "label"',
        decisionId: 7n,
        ticker: '\'"; DROP TABLE runs; -- 🙂',
        observed: 7 / 3,
      },
    ]);
    expect(await rowsOf('feedSilence')).toMatchObject([{ silent: true, heardSecondsAgo: 0.5 }]);
  });

  test('is in the file within a flush, before anything is closed', async () => {
    const folder = laneFolder(root);
    const store = openStore(quick(), {}, () => {}, parts(folder));
    store.write([refusal(1), refusal(2)]);
    await eventually(() => expect(store.stats().written).toBe(2));
    expect(await idsIn(folder)).toEqual([1, 2]);
    expect(readdirSync(folder)[0]).toMatch(/\.ndjson\.part$/);
    await store.close();
  });

  test('goes on in a new file once the file is old', async () => {
    const folder = laneFolder(root);
    let now = 1_780_000_000_000;
    const store = openStore(quick({ rotateMinutes: 10 }), {}, () => {}, {
      ...parts(folder),
      nowMillis: () => now,
    });
    store.write([refusal(1)]);
    await eventually(() => expect(store.stats().written).toBe(1));
    now += 11 * 60_000;
    store.write([refusal(2)]);
    await eventually(() => expect(store.stats().written).toBe(2));
    store.write([refusal(3)]);
    await store.close();
    expect(readdirSync(folder)).toHaveLength(2);
    expect(await idsIn(folder)).toEqual([1, 2, 3]);
  });

  test('tells a full disk once, drops and counts what it cannot hold, and goes on when there is room', async () => {
    const folder = laneFolder(root);
    const told: string[] = [];
    let full = true;
    const store = openStore(quick({ queuePoints: 10 }), {}, (why) => told.push(why), {
      ...parts(folder),
      after: (_, run) => {
        const timer = setTimeout(run, 1);
        return () => clearTimeout(timer);
      },
      openFile: async (path) => {
        const file = await open(path, 'ax');
        return {
          appendFile: async (bytes) => {
            if (!full) return file.appendFile(bytes);
            // A part of it fits, as on a real disk.
            await file.appendFile((bytes as Buffer).subarray(0, 20));
            throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
          },
          truncate: (length) => file.truncate(length),
          datasync: () => file.datasync(),
          close: () => file.close(),
        };
      },
    });
    store.write([refusal(0)]);
    await eventually(() => expect(store.stats().retries).toBeGreaterThan(2));
    store.write(range(25, 1).map((id) => refusal(id)));
    await eventually(() => expect(store.stats().retries).toBeGreaterThan(4));
    // Told once; the tenth and the hundredth time are told as such.
    expect(told.filter((why) => why.includes('ENOSPC') && !why.includes('times so far'))).toHaveLength(1);
    expect(store.stats()).toMatchObject({ written: 0, dropped: 15, queued: 11 });
    full = false;
    await eventually(() => expect(store.stats().queued).toBe(0));
    await store.close();
    expect(await idsIn(folder)).toEqual([0, ...range(10, 16)]);
    expect(store.stats()).toMatchObject({ written: 11, dropped: 15 });
  });

  test('counts what was left over or came too late as dropped', async () => {
    const store = openStore(quick(), {}, () => {}, {
      ...parts(laneFolder(root)),
      openFile: async () => {
        throw new Error('EROFS: read-only file system');
      },
    });
    store.write([refusal(1)]);
    await store.close();
    store.write([refusal(2)]);
    expect(store.stats()).toMatchObject({ written: 0, dropped: 2, queued: 0 });
    expect(store.stats().trouble).toContain('EROFS');
  });

  test('takes over what a killed process left: whole lines are kept, a torn one is told and kept aside', async () => {
    const folder = laneFolder(root);
    const line = (id: number): string => JSON.stringify(refusal(id));
    writeFileSync(
      join(folder, 'points-1780000000000-0000.ndjson.part'),
      `${line(1)}\n${line(2)}\n${line(3).slice(0, 30)}`,
    );
    writeFileSync(join(folder, 'points-1780000000001-0001.ndjson'), `${line(4)}\n`);
    mkdirSync(join(folder, 'points-1780000000001-0001.parquet.part'));
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const told: string[] = [];
    const store = openStore(quick(), {}, (why) => told.push(why), {
      ...parts(folder),
      nowMillis: () => 1_780_000_000_002,
    });
    store.write([refusal(5)]);
    await store.close();
    expect(await idsIn(folder)).toEqual([1, 2, 4, 5]);
    expect(told.join()).toContain('1 damaged line');
    expect(readFileSync(join(folder, 'points-1780000000000-0000.torn'), 'utf8')).toBe(
      `${line(3).slice(0, 30)}\n`,
    );
    expect(existsSync(join(folder, 'notes.txt'))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  test('keeps the lines where no Parquet can be made, and makes it the next time', async () => {
    const folder = laneFolder(root);
    const first = openStore(quick(), {}, () => {}, {
      ...parts(folder),
      convert: async () => {
        throw new Error('ENOSPC');
      },
    });
    first.write([refusal(1)]);
    await first.close();
    expect(readdirSync(folder)[0]).toMatch(/\.ndjson$/);
    expect(first.stats().trouble).toContain('no Parquet');
    await openStore(quick(), {}, () => {}, parts(folder)).close();
    expect(readdirSync(folder)[0]).toMatch(/\.parquet$/);
    expect(await idsIn(folder)).toEqual([1]);
  });

  test('loses no point of an earlier flush to kill -9, with its real thread and real files', async () => {
    const folder = laneFolder(root);
    const script = `
      import { openStore } from './dist/src/telemetry/store/open-store.js';
      import { storeSettings } from './dist/src/telemetry/store/settings.js';
      const store = openStore(storeSettings.parse({ flushMillis: 20, rotateBytes: 20000 }), {}, (why) => console.error(why),
        { folder: process.argv[1], unlock: () => {} });
      let id = 0;
      setInterval(() => {
        store.write(Array.from({ length: 20 }, () => ({ measurement: 'refusal', at: 1e15 + id, tags: { series: 'X', check: 'edge' },
          fields: { decisionId: id++, observed: 1.5 } })));
        console.log(store.stats().written);
      }, 5);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let acknowledged = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      const files = readdirSync(folder);
      if (acknowledged > 1000 && files.some((name) => name.endsWith('.parquet'))) break;
      if (acknowledged > 100_000) break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    // As a power failure tears it.
    expect(readdirSync(folder).some((name) => name.endsWith('.parquet'))).toBe(true);
    const part = readdirSync(folder).find((name) => name.endsWith('.part'));
    if (part) appendFileSync(join(folder, part), '{"measurement":"refu');
    await openStore(quick(), {}, () => {}, parts(folder)).close();
    const ids = await idsIn(folder);
    expect(ids).toEqual(range(ids.length));
    expect(ids.length).toBeGreaterThanOrEqual(acknowledged);
  });
});
