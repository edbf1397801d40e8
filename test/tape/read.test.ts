import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { WireFrame } from '../../src/domain/frame.ts';
import { venueNames } from '../../src/domain/venues.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import { writeTape } from '../../src/tape/write.ts';
import { dataPath, describeData } from '../support/data.ts';
import { tapeFrames, tapeNames } from '../support/tape-lines.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const NANOS = '1778477473462729984';
const MICROS = 1_778_477_473_462_729;

const read = async (content: string | Buffer): Promise<{ frames: WireFrame[]; problems: TapeProblem[] }> => {
  const path = join(folder, 'some.tape');
  writeFileSync(path, content);
  return readPath(path);
};

const readPath = async (path: string): Promise<{ frames: WireFrame[]; problems: TapeProblem[] }> => {
  const frames: WireFrame[] = [];
  const problems: TapeProblem[] = [];
  for await (const batch of readTape(path, (problem) => problems.push(problem)))
    frames.push(...batch.filter((frame): frame is WireFrame => frame.kind === 'wire'));
  return { frames, problems };
};

const manyLines = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `${1_778_477_473_000_000 + i}000\tkalshi\t{"seq":${i},"x":"${(i * 7919) % 1e6}"}`,
  )
    .map((line) => `${line}\n`)
    .join('');

describe('readTape', () => {
  test('nanoseconds are cut to microseconds, exactly', async () => {
    const { frames, problems } = await read(`${NANOS}\tkalshi\t{"a":"b"}\n`);
    expect(frames).toEqual([{ kind: 'wire', at: MICROS, venue: 'kalshi', text: '{"a":"b"}' }]);
    expect(problems).toEqual([]);
  });

  test('a frame keeps its tabs, and other alphabets survive', async () => {
    const { frames } = await read(`${NANOS}\tkraken\t{"a":\t"₿ é 😀"}\n${NANOS}\tcoinbase\t{}`);
    expect(frames.map((frame) => frame.text)).toEqual(['{"a":\t"₿ é 😀"}', '{}']);
  });

  test('blank lines and Windows line ends mean nothing', async () => {
    const { frames, problems } = await read(`\n${NANOS}\tkraken\t{}\r\n\r\n\n`);
    expect(frames.map((frame) => frame.text)).toEqual(['{}']);
    expect(problems).toEqual([]);
  });

  test.each([
    ['a time in milliseconds', '1778477473462\tkalshi\t{}', /19 digits/],
    ['letters in the time', '17784774734627299x4\tkalshi\t{}', /19 digits/],
    ['no tab at all', '{"seq":1}', /19 digits/],
    ['an unknown venue', `${NANOS}\tbinance\t{}`, /one of kraken, coinbase, kalshi/],
    ['no frame column', `${NANOS}\tkalshi`, /one of kraken, coinbase, kalshi/],
    ['an empty frame', `${NANOS}\tkalshi\t`, /frame is empty/],
  ])('%s is told by its line and left out', async (_, line, why) => {
    const { frames, problems } = await read(`${NANOS}\tkraken\t{}\n${line}\n${NANOS}\tkraken\t[]\n`);
    expect(frames.map((frame) => frame.text)).toEqual(['{}', '[]']);
    expect(problems).toEqual([
      {
        kind: 'badLine',
        path: join(folder, 'some.tape'),
        line: 2,
        why: expect.stringMatching(why),
        excerpt: line,
      },
    ]);
  });

  test('time never goes backwards, and is told once when it would have', async () => {
    const stamp = (micros: number): string => `${MICROS + micros}000\tkraken\t${micros}\n`;
    const { frames, problems } = await read([0, 10, 3, 7, 12].map(stamp).join(''));
    expect(frames.map((frame) => frame.at - MICROS)).toEqual([0, 10, 10, 10, 12]);
    expect(problems).toEqual([{ kind: 'backwards', path: expect.any(String), lines: 2, largestMicros: 7 }]);
  });

  test('a cut gzip tape gives the frames of its whole members, then says so', async () => {
    const lines = manyLines(20_000);
    const half = lines.indexOf('\n', lines.length / 2) + 1;
    const first = gzipSync(lines.slice(0, half));
    const whole = Buffer.concat([first, gzipSync(lines.slice(half))]);
    const cut = Math.floor(whole.length * 0.8);
    const { frames, problems } = await read(whole.subarray(0, cut));
    expect(frames.map(({ at, venue, text }) => `${at}000\t${venue}\t${text}\n`).join('')).toBe(
      lines.slice(0, half),
    );
    expect(problems).toEqual([
      {
        kind: 'damaged',
        path: expect.any(String),
        afterLine: frames.length,
        why: 'unexpected end of file',
        bytes: cut - first.length,
        goesOn: false,
      },
    ]);
  });

  test('nothing of a member is given if its checksum does not hold, however much of it can be inflated', async () => {
    const whole = gzipSync(manyLines(20_000));
    whole.fill(0xff, Math.floor(whole.length * 0.6), Math.floor(whole.length * 0.6) + 64);
    const { frames, problems } = await read(whole);
    expect(frames).toEqual([]);
    expect(problems).toMatchObject([{ kind: 'damaged', bytes: whole.length, goesOn: false }]);
  });

  test('members appended one after another are one tape', async () => {
    const lines = manyLines(3);
    const members = lines
      .trimEnd()
      .split('\n')
      .map((line) => gzipSync(`${line}\n`));
    expect((await read(Buffer.concat(members))).frames).toHaveLength(3);
  });

  test('stopping early closes the file and leaves nothing behind', async () => {
    const path = join(folder, 'long.tape');
    writeFileSync(path, gzipSync(manyLines(50_000)));
    for await (const batch of readTape(path)) {
      expect(batch[0]).toMatchObject({ text: '{"seq":0,"x":"0"}' });
      break;
    }
  });

  test('property: what is written is read back, whatever is in the frames', async () => {
    const frame = fc.record({
      gap: fc.nat(1_000_000),
      venue: fc.constantFrom(...venueNames),
      text: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
        .filter((text) => !/[\r\n]/.test(text)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 300 }), async (steps) => {
        let at = MICROS;
        const frames = steps.map(({ gap, venue, text }): WireFrame => {
          at += gap;
          return { kind: 'wire', at, venue, text };
        });
        const path = join(folder, 'property.tape.gz');
        await writeTape(path, frames);
        expect(await readPath(path)).toEqual({ frames, problems: [] });
      }),
      { numRuns: 50 },
    );
  });
});

describe('writeTape', () => {
  test('a newline inside a frame becomes a space', async () => {
    const path = join(folder, 'pretty.tape.gz');
    await writeTape(path, [{ kind: 'wire', at: MICROS, venue: 'kraken', text: '{\n  "a": 1\r\n}' }]);
    expect((await readPath(path)).frames.map((frame) => frame.text)).toEqual(['{   "a": 1 }']);
  });

  test.each([0, MICROS / 1000, MICROS + 0.5])('a time of %d is no time of a tape', async (at) => {
    const written = writeTape(join(folder, 'never.tape.gz'), [
      { kind: 'wire', at, venue: 'kraken', text: '{}' },
    ]);
    await expect(written).rejects.toThrow(/must be microseconds since the epoch/);
    expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([]);
  });

  test('a folder that is not there is told, and nothing waits for it', async () => {
    await expect(writeTape(join(folder, 'nowhere', 'a.tape.gz'), [])).rejects.toThrow(/ENOENT/);
  });
});

describeData('readTape on recorded tapes', () => {
  test('it reads what a reader by hand reads, without a problem', async () => {
    const [name = ''] = tapeNames();
    const { frames, problems } = await readPath(dataPath('tapes', name));
    expect(problems).toEqual([]);
    expect(frames).toEqual([...tapeFrames(name)]);
  });
});
