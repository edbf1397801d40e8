import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Frame } from '../../src/domain/frame.ts';
import { HOUR, SECOND } from '../../src/domain/time.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import { openRecorder, type RecorderOptions, type TapeIndexLine } from '../../src/tape/recorder.ts';
import { tapeFiles } from '../../src/tape/sessions.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const root = tempFolder();
const START = 1_778_477_400_000_000;
const room = (): string => mkdtempSync(join(root, 'tapes-'));
const wire = (at: number, text = `{"at":${at}}`): Frame => ({ kind: 'wire', at, venue: 'kraken', text });
const frames = (count: number, spanMicros = 1_000): readonly Frame[] =>
  Array.from({ length: count }, (_, i) =>
    wire(START + i * spanMicros, `{"i":${i},"x":"${(i * 7919) % 1e6}"}`),
  );

const record = async (folder: string, given: readonly Frame[], options: Partial<RecorderOptions> = {}) => {
  const recorder = openRecorder({ folder, session: 's', ...options });
  for (let from = 0; from < given.length; from += 100) {
    recorder.add(given.slice(from, from + 100));
    await new Promise((done) => setTimeout(done, 2));
  }
  return recorder.close();
};
const readAll = async (folder: string) => {
  const read: Frame[] = [];
  const problems: TapeProblem[] = [];
  for (const { path } of await tapeFiles([folder]))
    for await (const batch of readTape(path, (problem) => problems.push(problem))) read.push(...batch);
  return { read, problems };
};
/** How many frames can be read back; none while the first block is not whole. */
const framesIn = (folder: string): Promise<number> =>
  readAll(folder).then(
    ({ read }) => read.length,
    () => 0,
  );

describe('openRecorder', () => {
  test('what was recorded reads back, whatever the blocks and parts', async () => {
    const given = frames(1_500);
    const folder = room();
    const recorder = openRecorder({
      folder,
      session: 's',
      blockChars: 2_000,
      blockMs: 1,
      rotateBytes: 2_000,
    });
    // A part ends by what is on the disk: each batch must be there before the next, however busy the machine is.
    for (let from = 0; from < given.length; from += 100) {
      recorder.add(given.slice(from, from + 100));
      await until('the batch on the disk', async () => (await framesIn(folder)) === from + 100);
    }
    const stats = await recorder.close();
    expect(stats).toMatchObject({ frames: 1_500, lostFrames: 0 });
    expect(stats.files).toBeGreaterThan(3);
    expect(await readAll(folder)).toEqual({ read: given, problems: [] });
  });

  test('a new part begins when the hour turns, and says which it is', async () => {
    const folder = room();
    await record(folder, [wire(START), wire(START + 2 * HOUR), wire(START + 2 * HOUR + 1)]);
    const tapes = await tapeFiles([folder]);
    expect(tapes.map(({ name, segment }) => ({ name, segment }))).toEqual([
      { name: 's-0001', segment: { kind: 'segment', session: 's', part: 1 } },
      { name: 's-0002', segment: { kind: 'segment', session: 's', part: 2 } },
    ]);
  });

  test('the index names each closed part with its span and the hash of its bytes', async () => {
    const folder = room();
    await record(folder, [wire(START), wire(START + 2 * HOUR)]);
    const lines = readFileSync(join(folder, 'INDEX.ndjson'), 'utf8').trimEnd().split('\n');
    const index = lines.map((line) => JSON.parse(line) as TapeIndexLine);
    expect(
      index.map(({ part, firstAt, lastAt, frames: count }) => ({ part, firstAt, lastAt, count })),
    ).toEqual([
      { part: 1, firstAt: START, lastAt: START, count: 1 },
      { part: 2, firstAt: START + 2 * HOUR, lastAt: START + 2 * HOUR, count: 1 },
    ]);
    for (const { file, bytes, sha256 } of index) {
      const content = readFileSync(join(folder, file));
      expect(content.length).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
  });

  test('a part cut anywhere gives whole frames up to the cut', async () => {
    const given = frames(2_000);
    const folder = room();
    await record(folder, given, { blockChars: 3_000 });
    const [path] = readdirSync(folder).filter((name) => name.endsWith('.gz'));
    const file = join(folder, path as string);
    truncateSync(file, Math.floor(readFileSync(file).length * 0.7));
    const { read, problems } = await readAll(folder);
    expect(read.length).toBeGreaterThan(1_000);
    expect(given.slice(0, read.length)).toEqual(read);
    expect(problems.map(({ kind }) => kind)).toEqual(['damaged']);
  });

  test('a block that was flushed is on the disk while the recording goes on', async () => {
    const folder = room();
    const recorder = openRecorder({ folder, session: 's', blockMs: 5 });
    recorder.add([wire(START)]);
    const path = join(folder, 's-0001.tape.gz');
    await until('the block', async () => existsSync(path) && (await framesIn(folder)) > 0);
    expect((await readAll(folder)).read).toEqual([wire(START)]);
    await recorder.close();
  });

  test('ticks are kept only where nothing else moved time for a second, and the last one, which ends the session', async () => {
    const folder = room();
    const tick = (at: number): Frame => ({ kind: 'tick', at });
    const given = [
      wire(START),
      tick(START + 10),
      tick(START + SECOND),
      tick(START + SECOND + 10),
      wire(START + SECOND + 20),
      tick(START + SECOND + 30),
    ];
    await record(folder, given);
    expect((await readAll(folder)).read.map(({ kind, at }) => [kind, at - START])).toEqual([
      ['wire', 0],
      ['tick', SECOND],
      ['wire', SECOND + 20],
      ['tick', SECOND + 30],
    ]);
  });

  test('when the disk is too slow frames are lost, counted, and their place on the tape says so', async () => {
    const folder = room();
    const recorder = openRecorder({ folder, session: 's', blockChars: 100, mostWaitingChars: 1_000 });
    const given = frames(300);
    recorder.add(given);
    await recorder.stats();
    // Everything written, the queue is empty again.
    await until('an empty queue', async () => (await framesIn(folder)) >= 20);
    await new Promise((done) => setTimeout(done, 50));
    const after = wire(START + SECOND);
    recorder.add([after]);
    const stats = await recorder.close();
    expect(stats.lostFrames).toBeGreaterThan(200);
    const { read } = await readAll(folder);
    expect(read.filter(({ kind }) => kind === 'wire').length + stats.lostFrames).toBe(301);
    expect(read.at(-2)).toEqual({
      kind: 'connection',
      at: after.at,
      venue: 'kraken',
      change: 'shed',
      detail: `the recorder lost ${stats.lostFrames} frames: the disk was too slow`,
    });
    expect(read.at(-1)).toEqual(after);
  });

  test('nothing is overwritten, and what the disk says is thrown', async () => {
    const folder = room();
    await record(folder, [wire(START)]);
    await expect(record(folder, [wire(START)])).rejects.toThrow(/EEXIST/);
    const taken = join(room(), 'file');
    mkdirSync(taken);
    await expect(record(join(taken, '\0'), [wire(START)])).rejects.toThrow();
  });
});
