import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { archiveTapes } from '../../../pipelines/tapes/archive.ts';
import { sliceTape } from '../../../pipelines/tapes/slice.ts';
import { compactLake, pruneLake } from '../../../pipelines/tapes/tend-lake.ts';
import { askDuckdb } from '../../../src/cli/query/ask-duckdb.ts';
import { framesView } from '../../../src/cli/query/frames-view.ts';
import { linkFolder } from '../../../src/cli/query/views.ts';
import type { Frame } from '../../../src/domain/frame.ts';
import { DAY, SECOND } from '../../../src/domain/time.ts';
import { archiveFrames } from '../../../src/tape/lake/archive-frames.ts';
import { compact } from '../../../src/tape/lake/compact.ts';
import { manifestPath, readManifest, writeManifest } from '../../../src/tape/lake/lake-manifest.ts';
import { openDuck } from '../../../src/tape/lake/open-duck.ts';
import { lockFolder } from '../../../src/tape/lock-folder.ts';
import { readTape } from '../../../src/tape/read.ts';
import { writeTape } from '../../../src/tape/write.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { emulatedSession, settingsOf } from '../market.ts';

const root = tempFolder();
const settings = settingsOf({ spanMinutes: 1, seed: 'lake' });
const COUNT = 600;
const PART = 200;

/** An emulated session, moved so that its frame 360 is the first of a new UTC day. */
const frames = ((): readonly Frame[] => {
  const { session, wire } = emulatedSession(settings);
  // A long warm-up costs every reading, and says nothing here.
  const history = session.history.map(({ asset, bars }) => ({ asset, bars: bars.slice(-20) }));
  const all: Frame[] = [{ ...session, history }, ...wire.slice(0, COUNT - 1)];
  const midnight = Math.ceil((all[360]?.at ?? 0) / DAY) * DAY;
  const by = midnight - (all[360]?.at ?? 0);
  return all.map((frame) => ({ ...frame, at: frame.at + by }));
})();
const secondDay = Math.ceil((frames[0]?.at ?? 0) / DAY) * DAY;
const dayOf = (at: number): string => new Date(at / 1_000).toISOString().slice(0, 10);
const parts = [0, 1, 2].map((i) => join(root, `whole.${i + 1}.tape.gz`));

beforeAll(async () => {
  for (const [i, path] of parts.entries())
    await writeTape(path, frames.slice(i * PART, (i + 1) * PART), {
      segment: { kind: 'segment', session: 'whole', part: i + 1 },
    });
  writeFileSync(join(root, 'whole.settings.json'), '{"label":"kept"}\n');
});

const fresh = (): string => join(mkdtempSync(join(root, 'lake-')), 'lake');
const archived = async (tapes = parts): Promise<string> => {
  const lake = fresh();
  await archiveTapes({ tapes, lake, settings });
  return lake;
};
const manifest = (lake: string): string => manifestPath(lake, 'whole');
const read = async (path: string): Promise<readonly Frame[]> => {
  const all: Frame[] = [];
  const problems: unknown[] = [];
  for await (const batch of readTape(path, (problem) => problems.push(problem))) all.push(...batch);
  expect(problems).toEqual([]);
  return all;
};
const filesOf = (lake: string): readonly string[] =>
  (readdirSync(lake, { recursive: true }) as string[]).filter((name) => name.endsWith('.parquet')).sort();

describe('a lake of tapes', () => {
  test('gives every frame of the tapes back in its order, with the settings of the recording beside it', async () => {
    const lake = await archived();
    expect(await read(manifest(lake))).toEqual(frames);
    expect(readFileSync(join(lake, 'whole.settings.json'), 'utf8')).toBe('{"label":"kept"}\n');
    expect(
      filesOf(lake).every((name) => /^(frames\/venue=\w+\/asset=\w+|openings)\/day=[\d-]+\//.test(name)),
    ).toBe(true);
    expect(filesOf(lake).filter((name) => name.includes('venue=kalshi/asset=BTC'))).not.toEqual([]);
  });

  test('grows with its recording, part by part, and takes no part twice', async () => {
    const lake = fresh();
    for (let count = 1; count <= parts.length; count++) {
      const { already } = await archiveTapes({ tapes: parts.slice(0, count), lake, settings });
      expect(already).toHaveLength(count - 1);
      expect(await read(manifest(lake))).toEqual(frames.slice(0, count * PART));
    }
    expect(readManifest(manifest(lake)).stretches.map(({ opening }) => opening !== undefined)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    // A part alone, whose predecessors are in the lake, belongs to the same recording.
    const alone = fresh();
    for (const path of parts) await archiveTapes({ tapes: [path], lake: alone, settings });
    expect(await read(manifest(alone))).toEqual(frames);
    // The state of the second day is the same, whether the first was read from tapes or from the lake.
    const opening = (of: string) =>
      readManifest(manifest(of)).stretches.find((each) => each.opening)?.opening;
    expect(opening(alone)?.rows).toBe(opening(lake)?.rows);
    expect(opening(lake)?.rows).toBeGreaterThan(2);
  });

  test('a cut of it is the cut of the tapes, although it reads from the state of the day', async () => {
    const lake = await archived();
    const cutOf = async (tapes: readonly string[], from: number) => {
      const out = join(mkdtempSync(join(root, 'cut-')), 'cut.tape.gz');
      const { opening } = await sliceTape({
        tapes,
        from,
        to: secondDay + DAY,
        out,
        settings,
        keptIn: undefined,
      });
      return { opening, frames: await read(out) };
    };
    for (const from of [secondDay + SECOND, secondDay - SECOND]) {
      const [ofLake, ofTapes] = [await cutOf([lake], from), await cutOf(parts, from)];
      expect(ofLake.frames.slice(ofLake.opening)).toEqual(ofTapes.frames.slice(ofTapes.opening));
      // Numbers of subscriptions differ: the state of the day tells books under numbers of its own.
      const books = (all: readonly Frame[]) =>
        all
          .flatMap((frame) => (frame.kind === 'wire' && frame.text.includes('snapshot') ? [frame.text] : []))
          .map((text) => text.replace(/"sid":\d+,"seq":\d+/, ''))
          .sort();
      expect(books(ofLake.frames.slice(0, ofLake.opening))).toEqual(
        books(ofTapes.frames.slice(0, ofTapes.opening)),
      );
    }
  });

  test('joined to larger files it gives the same frames, and the small files are gone', async () => {
    const lake = await archived();
    const before = filesOf(lake);
    const duck = await openDuck();
    // Both days have more frames than one file may have.
    expect(await compact(duck, lake, readManifest(manifest(lake)), 230)).toBe(0);
    duck.close();
    const fewer = await compactLake(lake);
    expect(fewer).toBeGreaterThan(0);
    expect(filesOf(lake)).toHaveLength(before.length - fewer);
    expect(await read(manifest(lake))).toEqual(frames);
    expect(await compactLake(lake)).toBe(0);
    const { stretches } = readManifest(manifest(lake));
    expect(stretches.map(({ day, firstAt, lastAt }) => [day, firstAt, lastAt])).toEqual([
      [dayOf(secondDay - 1), frames[0]?.at, frames[359]?.at],
      [dayOf(secondDay), frames[360]?.at, frames.at(-1)?.at],
    ]);
    // Small files of a day hold no state: only the first of a day that follows another does.
    expect(stretches.map(({ opening }) => opening !== undefined)).toEqual([false, true]);
  });

  test('without its first day it begins with the state of the second, and without any day it is gone', async () => {
    const lake = await archived();
    expect(pruneLake(lake, dayOf(secondDay))).toBeGreaterThan(0);
    const left = await read(manifest(lake));
    const [opening] = readManifest(manifest(lake)).stretches;
    expect(left.slice(opening?.opening?.rows)).toEqual(frames.slice(360));
    expect(left[0]).toMatchObject({ kind: 'session', at: secondDay });
    expect(pruneLake(lake, '2099-01-01')).toBeGreaterThan(0);
    expect(readdirSync(lake)).not.toContain('whole.lake');
    expect(filesOf(lake)).toEqual([]);
    expect(existsSync(join(lake, 'whole.settings.json'))).toBe(false);
  });

  test.each(['changed', 'missing'] as const)(
    'a file that is %s is named, and none of its rows is given',
    async (how) => {
      const lake = await archived();
      const { stretches } = readManifest(manifest(lake));
      const path = join(lake, stretches.at(-1)?.files[0]?.path ?? '');
      if (how === 'changed') appendFileSync(path, '\0');
      else rmSync(path);
      const given: Frame[] = [];
      const reading = async (): Promise<void> => {
        for await (const batch of readTape(manifest(lake))) given.push(...batch);
      };
      await expect(reading()).rejects.toThrow(
        how === 'changed' ? /is not the file that was archived/ : /is not there; restore it/,
      );
      expect(given).toEqual(frames.slice(0, given.length));
      expect(given.length).toBeLessThan(frames.length);
      await expect(compactLake(lake)).rejects.toThrow(path);
    },
  );

  test('files of an attempt that did not end do not count, and the next attempt writes over them', async () => {
    const lake = await archived(parts.slice(0, 1));
    const duck = await openDuck();
    const unended = async function* (): AsyncGenerator<readonly Frame[]> {
      yield frames.slice(PART, PART + 50);
      throw new Error('the disk is full');
    };
    await expect(
      archiveFrames(
        {
          duck,
          lake,
          recording: 'whole',
          before: readManifest(manifest(lake)),
          part: 2,
          assetOf: () => undefined,
          followed: { add: () => {}, frames: () => [] },
          most: 10,
        },
        unended(),
      ),
    ).rejects.toThrow('the disk is full');
    duck.close();
    expect(await read(manifest(lake))).toEqual(frames.slice(0, PART));
    await archiveTapes({ tapes: parts, lake, settings });
    expect(await read(manifest(lake))).toEqual(frames);
  });

  test('a list of files that leads out of the lake, or is none, is refused by name', async () => {
    const lake = await archived(parts.slice(0, 1));
    const its = readManifest(manifest(lake));
    const [stretch] = its.stretches;
    const [file] = stretch?.files ?? [];
    if (!stretch || !file) throw new Error('no file');
    for (const path of ['../outside.parquet', '/outside.parquet', 'frames/../../outside.parquet']) {
      writeManifest(lake, { ...its, stretches: [{ ...stretch, files: [{ ...file, path }] }] });
      expect(() => readManifest(manifest(lake))).toThrow(/whole\.lake is no list .*inside the lake/);
    }
    writeFileSync(manifest(lake), '{');
    await expect(archiveTapes({ tapes: parts, lake, settings })).rejects.toThrow(
      /whole\.lake must hold JSON/,
    );
  });

  test('one process at a time writes to it', async () => {
    const lake = await archived(parts.slice(0, 1));
    const unlock = lockFolder(lake, '.lake.lock');
    await expect(archiveTapes({ tapes: parts, lake, settings })).rejects.toThrow();
    await expect(compactLake(lake)).rejects.toThrow();
    expect(() => pruneLake(lake, '2099-01-01')).toThrow();
    unlock();
    expect(await read(manifest(lake))).toEqual(frames.slice(0, PART));
  });

  test('is asked in SQL by venue, asset and time', async () => {
    const lake = await archived();
    const linked = linkFolder();
    try {
      const rows = await askDuckdb(
        'SELECT venue, asset, count(*) FROM frames GROUP BY ALL ORDER BY ALL',
        [framesView(lake, linked)],
        linked,
        async ({ rows: some }) => {
          const all: (readonly unknown[])[] = [];
          for await (const each of some) all.push(...each);
          return all;
        },
      );
      expect(rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(frames.length);
      expect(rows.map((row) => row.slice(0, 2).join(' '))).toEqual(
        expect.arrayContaining(['kalshi BTC', 'kraken BTC', 'none all']),
      );
    } finally {
      linked.remove();
    }
  });

  test('tapes of a lake are not archived again', async () => {
    const lake = await archived(parts.slice(0, 1));
    await expect(archiveTapes({ tapes: [manifest(lake)], lake: fresh(), settings })).rejects.toThrow(
      /is of a lake already/,
    );
    copyFileSync(manifest(lake), join(dirname(lake), 'moved.lake'));
    await expect(read(join(dirname(lake), 'moved.lake'))).rejects.toThrow(/is not there; restore it/);
  });
});
