import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MOST_LINE_BYTES } from '../../src/tape/blocks.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = mkdtempSync(join(tempFolder(), 'damage-'));
const T = 1_778_477_473_000_000;

/** Texts that differ from each other, so that an altered one is no other one by chance. */
const textOf = (i: number): string => `{"seq":${i},"x":"${(i * 2_654_435_761) % 4_294_967_296}"}`;
const membersOf = (sizes: readonly number[]): readonly Buffer[] => {
  let i = 0;
  return sizes.map((size) =>
    gzipSync(Array.from({ length: size }, () => `${T + i}000\tkalshi\t${textOf(i++)}\n`).join('')),
  );
};
const read = async (content: Buffer) => {
  const path = join(folder, 'some.tape.gz');
  writeFileSync(path, content);
  const texts: string[] = [];
  const problems: TapeProblem[] = [];
  for await (const batch of readTape(path, (problem) => problems.push(problem)))
    for (const frame of batch) texts.push(frame.kind === 'wire' ? frame.text : frame.kind);
  return { texts, problems };
};
const lostBytes = (problems: readonly TapeProblem[]): number =>
  problems.reduce((sum, problem) => sum + (problem.kind === 'damaged' ? problem.bytes : 0), 0);

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
/** One damage of a file: where, as a part of its length, and what. */
const damage = fc.record({
  part: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  what: fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), bit: fc.nat(7) }),
    fc.record({ kind: fc.constant('cut' as const) }),
    fc.record({ kind: fc.constant('zero' as const), length: fc.integer({ min: 1, max: 600 }) }),
    fc.record({
      kind: fc.constant('insert' as const),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 600 }),
    }),
    fc.record({ kind: fc.constant('drop' as const), length: fc.integer({ min: 1, max: 600 }) }),
  ),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

const damaged = (content: Buffer, { part, what }: Damage): Buffer => {
  const at = Math.floor(part * content.length);
  const before = content.subarray(0, at);
  switch (what.kind) {
    case 'flip': {
      const flipped = Buffer.from(content);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << what.bit);
      return flipped;
    }
    case 'cut':
      return before;
    case 'zero':
      return Buffer.from(content).fill(0, at, Math.min(content.length, at + what.length));
    case 'insert':
      return Buffer.concat([before, what.bytes, content.subarray(at)]);
    case 'drop':
      return Buffer.concat([before, content.subarray(at + what.length)]);
  }
};

/** The members of the file that lie in it unchanged, found by their bytes: what a reader may give. */
const intact = (members: readonly Buffer[], content: Buffer): readonly Buffer[] => {
  let from = 0;
  return members.filter((member) => {
    const at = content.indexOf(member, from);
    if (at >= 0) from = at + member.length;
    return at >= 0;
  });
};

describe('a damaged gzip tape', () => {
  test('property: it gives the frames of the members that lie in it unchanged, in order, and no other, and counts every other byte', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(damage, { minLength: 1, maxLength: 3 }), async (of, damages) => {
        const members = membersOf(of);
        const content = damages.reduce(damaged, Buffer.concat(members));
        // What has nothing of gzip left is a text, whose lines are told as bad ones.
        fc.pre(content.length === 0 || content.some((byte) => byte < 9));
        const sound = intact(members, content);
        const { texts, problems } = await read(content);
        const written = sound.flatMap((member) =>
          gunzipSync(member)
            .toString()
            .trimEnd()
            .split('\n')
            .map((line) => line.split('\t')[2] ?? ''),
        );
        // A change of the header's time or system leaves the member's text proven by its checksum.
        const all = new Set(
          members.flatMap((member) =>
            gunzipSync(member)
              .toString()
              .split('\n')
              .map((line) => line.split('\t')[2]),
          ),
        );
        expect(texts.every((text) => all.has(text))).toBe(true);
        expect(texts.filter((text) => written.includes(text))).toEqual(written);
        const order = texts.map((text) => (JSON.parse(text) as { seq: number }).seq);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        if (texts.length === written.length)
          expect(lostBytes(problems)).toBe(
            content.length - sound.reduce((sum, { length }) => sum + length, 0),
          );
        expect(problems.every(({ kind }) => kind === 'damaged')).toBe(true);
        if (
          texts.length < all.size - 1 &&
          content.length > 0 &&
          damages.every(({ what }) => what.kind !== 'drop' && what.kind !== 'cut')
        )
          expect(lostBytes(problems)).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['zero bytes between members', Buffer.alloc(512)],
    ['a zeroed block between members', Buffer.alloc(4_096)],
    ['a text between members', Buffer.from('another program wrote this line here\n')],
    ['bytes that look like a member', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3])],
  ])('%s are told and counted, and what follows is read', async (_, between) => {
    const [first = between, second = between] = membersOf([10, 10]);
    const { texts, problems } = await read(Buffer.concat([first, between, second]));
    expect(texts).toEqual(Array.from({ length: 20 }, (_, i) => textOf(i)));
    expect(problems).toMatchObject([{ kind: 'damaged', afterLine: 10, bytes: between.length, goesOn: true }]);
  });

  test('a text after the last member is told, and the frames before it are all given', async () => {
    const [only = Buffer.alloc(0)] = membersOf([10]);
    const { texts, problems } = await read(Buffer.concat([only, Buffer.from('a text of another program\n')]));
    expect(texts).toHaveLength(10);
    expect(problems).toMatchObject([{ kind: 'damaged', afterLine: 10, bytes: 26, goesOn: false }]);
  });

  test('a line that goes over two members is whole, and one that a hole cuts is in no frame', async () => {
    const lines = gunzipSync(membersOf([4])[0] ?? '').toString();
    const [a, b, c] = [lines.slice(0, 70), lines.slice(70, 150), lines.slice(150)].map((text) =>
      gzipSync(text),
    );
    const parts = [a, b, c] as [Buffer, Buffer, Buffer];
    expect((await read(Buffer.concat(parts))).texts).toEqual([0, 1, 2, 3].map(textOf));
    const torn = Buffer.from(parts[1]);
    torn[torn.length - 8] = (torn[torn.length - 8] ?? 0) ^ 1;
    const { texts, problems } = await read(Buffer.concat([parts[0], torn, parts[2]]));
    expect(texts.every((text) => [0, 1, 2, 3].map(textOf).includes(text))).toBe(true);
    expect(problems.map(({ kind }) => kind)).toContain('damaged');
    expect(texts.length).toBeLessThan(4);
  });

  test('a member too long to be kept is proven first and then given, and a damaged one gives nothing', async () => {
    const line = `${T}000\tkalshi\t{"x":"${'y'.repeat(1 << 20)}"}\n`;
    const long = gzipSync(line.repeat(70), { level: 1 });
    const [after = long] = membersOf([1]);
    expect((await read(Buffer.concat([long, after]))).texts).toHaveLength(71);
    long[long.length - 5] = (long[long.length - 5] ?? 0) ^ 1;
    const { texts, problems } = await read(Buffer.concat([long, after]));
    expect(texts).toEqual([textOf(0)]);
    expect(problems).toMatchObject([
      { kind: 'damaged', bytes: long.length, goesOn: true, why: 'its checksum does not hold' },
    ]);
  });

  test('a file made of a thousand beginnings of members ends, and says what it is', async () => {
    const beginning = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), deflateRawSync('x')]);
    const { texts, problems } = await read(Buffer.concat(Array.from({ length: 1_000 }, () => beginning)));
    expect(texts).toEqual([]);
    expect(problems).toMatchObject([{ kind: 'damaged', bytes: 1_000 * beginning.length, goesOn: false }]);
  });
});

describe('a line without an end', () => {
  test.each([
    ['plain', (text: Buffer) => text],
    ['gzip', (text: Buffer) => gzipSync(text, { level: 1 })],
  ])('is refused in a sentence once it is too long to be one: %s', async (_, packed) => {
    await expect(read(packed(Buffer.alloc(MOST_LINE_BYTES + 100_000, '[1,2],')))).rejects.toThrow(
      /some\.tape\.gz: the line that begins at byte 0 of its text is longer than 33554432 bytes/,
    );
  });

  test('just short of that it is read, at once', async () => {
    const text = `{"x":"${'y'.repeat(MOST_LINE_BYTES - 1_000)}"}`;
    expect((await read(Buffer.from(`${T}000\tkalshi\t${text}\n`))).texts).toEqual([text]);
  });
});
