import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Frame } from '../../src/domain/frame.ts';
import type { Venue } from '../../src/domain/venues.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import { openRecorder, type TapeIndexLine } from '../../src/tape/recorder.ts';
import { type DiskWrite, failingDisk } from '../support/failing-disk.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const root = tempFolder();
const START = 1_778_477_400_000_000;
const room = (): string => mkdtempSync(join(root, 'tapes-'));
const wire = (i: number, venue: Venue = 'kraken'): Frame => ({
  kind: 'wire',
  at: START + i,
  venue,
  text: `{"i":${i},"x":"${(i * 2_654_435_761) % 4_294_967_296}"}`,
});
const readAll = async (folder: string) => {
  const frames: Frame[] = [];
  const problems: TapeProblem[] = [];
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith('.gz'))
    .sort())
    for await (const batch of readTape(join(folder, name), (problem) => problems.push(problem)))
      frames.push(...batch);
  return { frames, problems };
};
const indexOf = (folder: string): readonly TapeIndexLine[] =>
  existsSync(join(folder, 'INDEX.ndjson'))
    ? readFileSync(join(folder, 'INDEX.ndjson'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as TapeIndexLine)
    : [];
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

const writes: fc.Arbitrary<readonly DiskWrite[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant({ kind: 'whole' } as const) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('short' as const),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('full' as const),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
  ),
  { maxLength: 30 },
);

describe('a recorder whose disk takes less than it is given', () => {
  test('property: the tape is whole blocks, the index says what is on the disk, and a loss is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(writes, fc.integer({ min: 1, max: 8 }), async (script, batches) => {
        const folder = room();
        let next = 0;
        let failed = false;
        const openFile = failingDisk(() => {
          const how = script[next++] ?? { kind: 'whole' };
          if (how.kind === 'full') failed = true;
          return how;
        });
        const recorder = openRecorder({ folder, session: 's', blockChars: 200, blockMs: 1e9, openFile });
        const given: Frame[] = [];
        let thrown: unknown;
        try {
          for (let batch = 0; batch < batches; batch++) {
            const frames = Array.from({ length: 5 }, (_, i) => wire(batch * 5 + i));
            recorder.add(frames);
            given.push(...frames);
            await turn();
          }
        } catch (cause) {
          thrown = cause;
        }
        await recorder.close().catch((cause: unknown) => {
          thrown = cause;
        });
        expect(thrown !== undefined).toBe(failed);
        const { frames, problems } = await readAll(folder);
        expect(problems).toEqual([]);
        expect(frames).toEqual(given.slice(0, frames.length));
        if (!failed) expect(frames).toEqual(given);
        for (const { file, bytes, sha256, frames: count } of indexOf(folder)) {
          const content = readFileSync(join(folder, file));
          expect([content.length, createHash('sha256').update(content).digest('hex'), count]).toEqual([
            bytes,
            sha256,
            frames.length,
          ]);
        }
        if (failed && indexOf(folder).length > 0)
          expect(String(thrown)).toContain(`the tape holds ${frames.length} of`);
        expect(existsSync(join(folder, 'recorder.lock'))).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test('a disk that is full for one write and has room again keeps the blocks before it, and the index is true', async () => {
    const folder = room();
    let count = 0;
    const openFile = failingDisk(() => (++count === 3 ? { kind: 'full', part: 0.5 } : { kind: 'whole' }));
    const recorder = openRecorder({ folder, session: 's', blockChars: 200, blockMs: 1e9, openFile });
    let from = 0;
    await expect(
      until('the error of the disk', () => {
        recorder.add(Array.from({ length: 6 }, () => wire(from++)));
        return false;
      }),
    ).rejects.toThrow(/ENOSPC.*the tape holds \d+ of \d+ frames, up to its last whole block/);
    await expect(recorder.close()).rejects.toThrow(/ENOSPC/);
    const { frames, problems } = await readAll(folder);
    expect(problems).toEqual([]);
    const [line] = indexOf(folder);
    expect(line).toMatchObject({ frames: frames.length, lastAt: frames.at(-1)?.at });
    expect(frames.length).toBeGreaterThan(0);
  });
});

describe('a recorder whose disk is too slow', () => {
  test('property: what it gives the lane is what lies on the tape, and every lost frame is counted there', async () => {
    /** Batches, and whether the disk writes after them. */
    const steps = fc.array(
      fc.record({
        frames: fc.array(
          fc.oneof(
            fc
              .constantFrom<Venue>('kraken', 'kalshi', 'coinbase')
              .map((venue) => ({ kind: 'wire' as const, venue })),
            fc.constant({ kind: 'tick' as const }),
            fc.constant({ kind: 'command' as const }),
          ),
          { maxLength: 12 },
        ),
        lets: fc.boolean(),
      }),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const folder = room();
        let held: (() => void)[] = [];
        let free = false;
        const openFile = failingDisk(
          () => ({ kind: 'whole' }),
          () => (free ? Promise.resolve() : new Promise((go) => held.push(go))),
        );
        const lost: Venue[] = [];
        const recorder = openRecorder({
          folder,
          session: 's',
          blockChars: 100,
          blockMs: 1e9,
          mostWaitingChars: 400,
          openFile,
          onLost: (venue) => lost.push(venue),
        });
        let i = 0;
        let wires = 0;
        const used: Frame[] = [];
        for (const { frames, lets } of script) {
          const batch = frames.map((frame): Frame => {
            const at = START + i++;
            if (frame.kind === 'wire') {
              wires++;
              return { ...wire(i, frame.venue), at };
            }
            return frame.kind === 'tick'
              ? { kind: 'tick', at }
              : { kind: 'command', at, command: 'halt', reason: '' };
          });
          used.push(...recorder.add(batch));
          if (!lets) continue;
          for (const go of held) go();
          held = [];
          for (let turns = 0; turns < 5; turns++) await turn();
        }
        free = true;
        for (const go of held) go();
        const stats = await recorder.close();
        const { frames } = await readAll(folder);
        const withoutTicks = (all: readonly Frame[]): readonly Frame[] =>
          all.filter(({ kind }) => kind !== 'tick');
        const onTape = withoutTicks(frames);
        // Losses that last to the end are told on the tape after the lane has ended.
        expect(onTape.slice(0, withoutTicks(used).length)).toEqual(withoutTicks(used));
        expect(onTape.slice(withoutTicks(used).length).every(({ kind }) => kind === 'connection')).toBe(true);
        const told = onTape.reduce((sum, frame) => {
          const count = frame.kind === 'connection' ? /lost (\d+) frames/.exec(frame.detail)?.[1] : undefined;
          return sum + Number(count ?? 0);
        }, 0);
        expect(told).toBe(stats.lostFrames);
        expect(onTape.filter(({ kind }) => kind === 'wire')).toHaveLength(wires - stats.lostFrames);
        expect(lost).toHaveLength(
          onTape.filter((f) => f.kind === 'connection' && f.detail.includes('lost')).length,
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe('the folder of a recorder', () => {
  test('a second recorder is refused in a sentence, and the first goes on', async () => {
    const folder = room();
    const first = openRecorder({ folder, session: 'a' });
    first.add([wire(0)]);
    expect(() => openRecorder({ folder, session: 'b' })).toThrow(
      `${folder} is being written by another run (process ${process.pid})`,
    );
    await first.close();
    expect((await readAll(folder)).frames).toEqual([wire(0)]);
    await openRecorder({ folder, session: 'b' }).close();
  });

  test('the lock of a recorder that was killed is taken over', async () => {
    const folder = room();
    writeFileSync(join(folder, 'recorder.lock'), '999999999\n\nx\n');
    const recorder = openRecorder({ folder, session: 'b' });
    recorder.add([wire(0)]);
    await recorder.close();
    expect(existsSync(join(folder, 'recorder.lock'))).toBe(false);
  });
});
