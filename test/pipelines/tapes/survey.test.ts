import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSound, surveyTape } from '../../../pipelines/tapes/survey.ts';
import type { Frame } from '../../../src/domain/frame.ts';
import { tapeLine } from '../../../src/tape/line.ts';
import { openRecorder } from '../../../src/tape/recorder.ts';
import { writeTape } from '../../../src/tape/write.ts';
import '../../support/properties.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { emulatedSession, settingsOf } from '../market.ts';

const root = tempFolder();
const settings = settingsOf({ spanMinutes: 1, seed: 'survey' });
const { session, wire } = emulatedSession(settings);
const short = wire.slice(0, 1_600);
const frames: readonly Frame[] = [session, ...short];
const lines = frames.map(tapeLine);

const surveyOf = async (text: readonly string[]) => {
  const path = join(root, 'survey.tape');
  writeFileSync(path, text.join(''));
  return surveyTape(path, settings);
};
const indexOf = (pattern: RegExp, from: number): number =>
  lines.findIndex((line, i) => i >= from && pattern.test(line));

describe('the survey of a tape', () => {
  test('counts what a sound tape holds, and finds nothing wrong', async () => {
    const survey = await surveyOf(lines);
    expect(isSound(survey)).toBe(true);
    expect(survey).toMatchObject({
      firstAt: session.at,
      lastAt: short.at(-1)?.at,
      ownFrames: 1,
      sessions: 1,
      whole: true,
      problems: [],
    });
    for (const venue of ['kraken', 'kalshi'] as const)
      expect(survey.frames[venue]).toBe(short.filter((frame) => frame.venue === venue).length);
    expect(survey.checksums).toBe(short.filter(({ text }) => text.includes('"checksum"')).length);
  });

  test('property: one line that is lost, garbled or changed is found, wherever it is', async () => {
    const harms = {
      lost: { of: /"type":"orderbook_delta"/, make: () => '' },
      'a trade lost': { of: /"type":"trade","sid"/, make: () => '' },
      'a print lost': { of: /cfbenchmarks_value/, make: () => '' },
      unreadable: { of: /orderbook_delta/, make: (line: string) => line.replace('"side"', '"sied"') },
      'no frame': { of: /orderbook_delta/, make: (line: string) => line.slice(4) },
      'a wrong checksum': {
        of: /"channel":"book","type":"update"/,
        make: (line: string) => line.replace(/"checksum":\d+/, '"checksum":7'),
      },
    } as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(harms)),
        fc.integer({ min: 100, max: lines.length - 600 }),
        async ({ of, make }, from) => {
          const at = indexOf(of, from);
          // The first number of a sequence is believed, whatever it is.
          fc.pre(indexOf(of, 0) < at && indexOf(of, at + 1) > 0);
          const harmed = lines.map((line, i) => (i === at ? make(line) : line));
          const survey = await surveyOf(harmed);
          expect(isSound(survey)).toBe(false);
          expect(survey.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('a loss that the tape announces is counted and is no fault of it', async () => {
    const at = 1_000;
    const shed = (frame: Frame): Frame => ({
      kind: 'connection',
      at: frame.at,
      venue: 'kalshi',
      change: 'shed',
      detail: 'too slow',
    });
    const announced = [...frames.slice(0, at), shed(frames[at] as Frame)];
    const survey = await surveyOf(announced.map(tapeLine));
    expect(survey.shed).toBe(1);
    expect(isSound(survey)).toBe(true);
  });

  test('a gzip tape that is cut, or another than the index tells of, is not whole', async () => {
    const folder = join(root, 'recorded');
    const recorder = openRecorder({ folder, session: 'one', blockChars: 20_000 });
    recorder.add(frames);
    await recorder.close();
    const path = join(folder, 'one-0001.tape.gz');
    expect((await surveyTape(path, settings)).whole).toBe(true);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 100));
    const torn = await surveyTape(path, settings);
    expect(torn.whole).toBe(false);
    expect(torn.problems.join('\n')).toMatch(/damaged after line/);
    expect(torn.problems.join('\n')).toMatch(/INDEX\.ndjson tells of/);
    // Sound in itself, and not what was recorded.
    writeFileSync(path, '');
    await writeTape(path, frames.slice(0, 10));
    const other = await surveyTape(path, settings);
    expect(other).toMatchObject({ whole: false, badLines: 0 });
  });

  test('a tape without a frame is not whole', async () => {
    const survey = await surveyOf([]);
    expect(survey).toMatchObject({ firstAt: undefined, whole: false });
    expect(survey.problems.join('')).toMatch(/holds no frame/);
  });
});
