import '../support/properties.ts';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ownSpill } from '../../src/telemetry/own-spill.ts';
import { batchBytes, countLines, readSegment } from '../../src/telemetry/segment.ts';
import { openSpill, type Spill } from '../../src/telemetry/spill.ts';

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'voltage-spill-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

const line = fc
  .string({ minLength: 1, unit: 'grapheme' })
  .map((text) => `gap s="${text.replaceAll(/[\r\n]/g, ' ')}" 1`);
const batch = fc.array(line, { minLength: 1, maxLength: 4 });

const segments = (path: string): readonly string[] =>
  readdirSync(path)
    .filter((name) => name.endsWith('.lp'))
    .sort()
    .map((name) => join(path, name));

const open = (path: string, overrides: object = {}): { readonly spill: Spill; readonly told: string[] } => {
  const told: string[] = [];
  const spill = openSpill({
    folder: path,
    mostBytes: 1e6,
    mostMillis: 1000,
    segmentBytes: 200,
    nowMillis: () => 5000,
    onTrouble: (why) => told.push(why),
    ...overrides,
  });
  return { spill, told };
};

const drained = async (spill: Spill): Promise<readonly (readonly string[])[]> => {
  const all: (readonly string[])[] = [];
  for (let next = await spill.head(); next; next = await spill.head()) {
    all.push(next);
    await spill.shift();
  }
  return all;
};

describe('a segment', () => {
  test('property: batches are read back as they were, and a prefix of the file gives the whole batches in it', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 5 }), fc.nat(), (batches, cut) => {
        const parts = batches.map(batchBytes);
        const whole = Buffer.concat(parts);
        expect(readSegment(whole)).toEqual({ batches, damaged: 0, tornBytes: 0 });
        const at = whole.length === 0 ? 0 : cut % whole.length;
        let ends = 0;
        let count = 0;
        while (parts[count] && ends + (parts[count]?.length ?? 0) <= at) ends += parts[count++]?.length ?? 0;
        const torn = readSegment(whole.subarray(0, at));
        expect(torn).toEqual({ batches: batches.slice(0, count), damaged: 0, tornBytes: at - ends });
        expect(countLines(whole.subarray(0, at))).toBe(batches.slice(0, count).flat().length);
      }),
    );
  });

  test('property: one byte that changed on the disk costs its batch at most, and what is read was written', () => {
    fc.assert(
      fc.property(
        fc.array(batch, { minLength: 2, maxLength: 5 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (batches, at, change) => {
          const bytes = Buffer.concat(batches.map(batchBytes));
          const place = at % bytes.length;
          bytes[place] = (bytes[place] ?? 0) ^ change;
          const { batches: read, damaged, tornBytes } = readSegment(bytes);
          const written = batches.map((each) => each.join('\n'));
          for (const each of read) expect(written).toContain(each.join('\n'));
          expect(read.length).toBeGreaterThanOrEqual(batches.length - 2);
          expect(damaged + tornBytes).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('a spill', () => {
  test('property: it is a queue that a new process finds again, whenever the old one ended', async () => {
    const steps = fc.array(fc.oneof(batch, fc.constantFrom('shift' as const, 'crash' as const)), {
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (walk) => {
        const path = folder();
        let { spill, told } = open(path);
        const ended: Spill[] = [];
        let list: string[][] = [];
        /** Sent, but perhaps still on the disk. */
        let sent: string[][] = [];
        for (const step of walk) {
          if (step === 'crash') {
            ended.push(spill);
            ({ spill, told } = open(path));
            const again = spill.lines() - list.flat().length;
            expect(again).toBeGreaterThanOrEqual(0);
            // Batches of a segment that was sent in part come again, in their order.
            for (let lines = 0; lines < again; ) {
              const back = sent.pop() ?? [];
              list = [back, ...list];
              lines += back.length;
            }
            sent = [];
          } else if (step === 'shift') {
            expect(await spill.head()).toEqual(list[0]);
            await spill.shift();
            sent.push(...list.splice(0, 1));
          } else {
            expect(await spill.append(step)).toBe(true);
            list.push(step);
          }
          expect(spill.lines()).toBe(list.flat().length);
        }
        expect(await drained(spill)).toEqual(list);
        expect([spill.lines(), spill.bytes(), spill.lost(), segments(path)]).toEqual([0, 0, 0, []]);
        expect(told).toEqual([]);
        for (const each of [...ended, spill]) await each.close();
      }),
      { numRuns: 60 },
    );
  });

  test('a line that is torn at the end is noticed, left out and told; all before it is there', async () => {
    const path = folder();
    const first = open(path);
    await first.spill.append(['a x=1 1', 'a x=2 2']);
    await first.spill.append(['a x=3 3']);
    await first.spill.close();
    const [file = ''] = segments(path);
    truncateSync(file, readFileSync(file).length - 3);
    const { spill, told } = open(path);
    expect(spill.lines()).toBe(2);
    expect(await drained(spill)).toEqual([['a x=1 1', 'a x=2 2']]);
    expect(told).toEqual([expect.stringMatching(/ends within a batch: \d+ bytes were left out/)]);
    expect(segments(path)).toEqual([]);
  });

  test('a batch that was changed on the disk is told and counted as lost, and those around it are sent', async () => {
    const path = folder();
    const first = open(path, { segmentBytes: 1e5 });
    for (const i of [1, 2, 3]) await first.spill.append([`a x=${i} ${i}`]);
    await first.spill.close();
    const [file = ''] = segments(path);
    writeFileSync(file, readFileSync(file, 'latin1').replace('x=2', 'x=9'), 'latin1');
    const { spill, told } = open(path);
    expect(await drained(spill)).toEqual([['a x=1 1'], ['a x=3 3']]);
    expect(spill.lost()).toBe(1);
    expect(told).toEqual([expect.stringContaining('has 1 damaged batches')]);
  });

  test('beyond its bytes the oldest segments are given up and counted, and never the newest', async () => {
    const { spill, told } = open(folder(), { mostBytes: 1000 });
    for (let i = 0; i < 50; i += 1) await spill.append([`a x=${i} 1`]);
    expect(spill.bytes()).toBeLessThanOrEqual(1000);
    const left = (await drained(spill)).flat();
    await spill.close();
    expect(left.length + spill.lost()).toBe(50);
    expect(left.at(-1)).toBe('a x=49 1');
    expect(left).toEqual(Array.from({ length: left.length }, (_, i) => `a x=${50 - left.length + i} 1`));
    expect(told[0]).toMatch(/points that waited on disk were given up: more than 1000 bytes/);
  });

  test('what has waited too long is given up and counted, even what an earlier process left', async () => {
    const path = folder();
    const first = open(path);
    await first.spill.append(['a x=1 1']);
    await first.spill.close();
    const { spill, told } = open(path, { nowMillis: () => 6001 });
    await spill.append(['a x=2 2']);
    expect(await drained(spill)).toEqual([['a x=2 2']]);
    expect(spill.lost()).toBe(1);
    expect(told).toEqual([expect.stringContaining('telemetry.spillHours')]);
  });

  test('a disk that takes nothing is told, and the batch counts as not kept', async () => {
    const path = folder();
    const { spill, told } = open(path);
    rmSync(path, { recursive: true });
    expect(await spill.append(['a x=1 1'])).toBe(false);
    expect(told).toEqual([expect.stringContaining('takes no points')]);
    expect(spill.lines()).toBe(0);
  });

  test('a file of another kind in its folder is left alone', async () => {
    const path = folder();
    appendFileSync(join(path, 'notes.txt'), 'mine');
    const { spill } = open(path);
    expect(await spill.head()).toBeUndefined();
    expect(readFileSync(join(path, 'notes.txt'), 'utf8')).toBe('mine');
  });
});

describe('ownSpill', () => {
  const options = {
    mostBytes: 1e6,
    mostMillis: 1e6,
    nowMillis: () => 5000,
    onTrouble: (why: string) => {
      throw new Error(why);
    },
  };

  test('two at a time have folders of their own, and the next one takes what both left, losing none', async () => {
    const root = folder();
    const [a, b] = [ownSpill(root, options), ownSpill(root, options)];
    await a?.append(['a x=1 1']);
    await b?.append(['a x=2 2']);
    expect([a?.lines(), b?.lines()]).toEqual([1, 1]);
    await a?.close();
    await b?.close();
    const next = ownSpill(root, options);
    if (!next) throw new Error('no spill');
    expect((await drained(next)).flat().sort()).toEqual(['a x=1 1', 'a x=2 2']);
    await next.close();
  });

  test('what a process that still runs keeps is left to it', async () => {
    const root = folder();
    const a = ownSpill(root, options);
    await a?.append(['a x=1 1']);
    const b = ownSpill(root, options);
    expect(b?.lines()).toBe(0);
    await b?.close();
    await a?.close();
  });

  test('a place that cannot be a folder is told, and nothing is spilled', () => {
    const path = join(folder(), 'file');
    writeFileSync(path, '');
    const told: string[] = [];
    expect(ownSpill(path, { ...options, onTrouble: (why) => told.push(why) })).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('no points wait on disk')]);
  });
});
