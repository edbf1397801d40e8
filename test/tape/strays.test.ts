import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY } from '../../src/domain/time.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const T = 1_778_477_473_000_000;
const LATEST = 9_000_000_000_000_000;
const line = (at: number, i: number): string => `${at}000\tkraken\t{"i":${i}}\n`;

const read = async (stamps: readonly number[]) => {
  const path = join(folder, 'some.tape');
  writeFileSync(path, stamps.map(line).join(''));
  const given: { at: number; i: number }[] = [];
  const problems: TapeProblem[] = [];
  for await (const batch of readTape(path, (problem) => problems.push(problem)))
    for (const frame of batch)
      if (frame.kind === 'wire') given.push({ at: frame.at, i: (JSON.parse(frame.text) as { i: number }).i });
  return { given, problems };
};

describe('a line that is days away from both its neighbours', () => {
  test('property: whatever stamps a few lines have, time is that of the others, and each of the few is named by its line', async () => {
    const steps = fc.array(fc.nat(3_600_000_000), { minLength: 3, maxLength: 60 });
    /** Runs of one to three wrong lines, far on either side. */
    const wrong = fc.array(
      fc.record({
        place: fc.nat(59),
        stamp: fc.oneof(
          fc.integer({ min: T + 90 * DAY, max: LATEST }),
          fc.integer({ min: 1_000_000_000_000_000, max: T - 2 * DAY }),
        ),
        run: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(steps, wrong, async (gaps, few) => {
        let at = T;
        const right = gaps.map((gap) => {
          at += gap;
          return at;
        });
        // Two right lines at least begin and end the tape, which tell its time.
        const stamps: { at: number; wrong: boolean }[] = right.map((stamp) => ({ at: stamp, wrong: false }));
        for (const { place, stamp, run } of few)
          stamps.splice(
            2 + (place % (stamps.length - 2)),
            0,
            ...Array.from({ length: run }, (_, i) => ({ at: stamp + i, wrong: true })),
          );
        const { given, problems } = await read(stamps.map(({ at: stamp }) => stamp));
        expect(given.map(({ at: stamp }) => stamp)).toEqual(right);
        expect(problems.map((problem) => problem.kind === 'badLine' && problem.line)).toEqual(
          stamps.flatMap((stamp, i) => (stamp.wrong ? [i + 1] : [])),
        );
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['the first', [LATEST, T, T + 1, T + 2], [1]],
    ['the first, of the past', [T - 400 * DAY, T, T + 1, T + 2], [1]],
    ['the second', [T, LATEST, T + 1, T + 2], [2]],
    ['the last', [T, T + 1, T + 2, LATEST], [4]],
    ['one in the middle', [T, T + 1, T + 30 * DAY, T + 2], [3]],
  ])('is named and left out, be it %s', async (_, stamps, lines) => {
    const { given, problems } = await read(stamps);
    expect(given.map(({ i }) => i + 1)).toEqual([1, 2, 3, 4].filter((number) => !lines.includes(number)));
    expect(given.every(({ at }) => at >= T && at <= T + 2)).toBe(true);
    expect(problems).toMatchObject(
      lines.map((number) => ({
        kind: 'badLine',
        line: number,
        why: expect.stringMatching(/^its time is [\d.]+ days (before|after) the lines beside it$/),
      })),
    );
  });

  test('time that leaps forward and stays there is believed, and the leap is told', async () => {
    const later = Array.from({ length: 100 }, (_, i) => T + 3 * DAY + i);
    const { given, problems } = await read([T, T + 1, ...later]);
    expect(given).toHaveLength(102);
    expect(problems).toEqual([{ kind: 'jump', path: expect.any(String), line: 3, micros: 3 * DAY - 1 }]);
  });

  test('lines of an earlier day below are bad lines, however many: time does not stand still for them', async () => {
    const earlier = Array.from({ length: 100 }, (_, i) => T - 3 * DAY + i);
    const { given, problems } = await read([T, T + 1, ...earlier, T + 2]);
    expect(given.map(({ at }) => at)).toEqual([T, T + 1, T + 2]);
    expect(problems).toHaveLength(100);
  });

  test('a tape of one line has no neighbours and is read', async () => {
    expect((await read([T])).given).toHaveLength(1);
  });
});
