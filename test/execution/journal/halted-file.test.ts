import { mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clearHalted, readHalted, writeHalted } from '../../../src/execution/journal/halted-file.ts';
import '../../support/properties.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const place = (): string => join(mkdtempSync(join(root, 'h-')), 'halted.json');

describe('halted.json', () => {
  test('is read as it was written, stands alone in its folder, and is its owner’s alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 52 }),
        fc.constantFrom('the operator', 'the supervisor'),
        fc.string({ minLength: 1, maxLength: 400, unit: fc.constantFrom('a', 'é', '"', '\\', '7', '-') }),
        (at, by, reason) => {
          const path = place();
          writeHalted(path, { at, by, reason });
          expect(readHalted(path)).toEqual({ at, by, reason });
          expect(readdirSync(join(path, '..'))).toEqual(['halted.json']);
          expect(statSync(path).mode & 0o777).toBe(0o600);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('that is not there is no halt, and one that was cleared is none any more', () => {
    const path = place();
    expect(readHalted(path)).toBeUndefined();
    writeHalted(path, { at: 1, by: 'the operator', reason: 'why' });
    clearHalted(path);
    expect(readHalted(path)).toBeUndefined();
    clearHalted(path);
  });

  test('of two halts keeps the first, whose reason is the cause', () => {
    const path = place();
    writeHalted(path, { at: 1, by: 'the supervisor', reason: 'the lane was silent' });
    writeHalted(path, { at: 2, by: 'the operator', reason: 'it hangs' });
    expect(readHalted(path)).toEqual({ at: 1, by: 'the supervisor', reason: 'the lane was silent' });
  });

  test('that is damaged in any way halts, says so, and gives way to a halt with a reason', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => Buffer.from(text)),
          fc.constant(Buffer.from('{"at":1,"by":"the operator","reaso')),
          fc.constant(Buffer.alloc(100_000, 32)),
        ),
        (bytes) => {
          const path = place();
          writeFileSync(path, bytes);
          const read = readHalted(path);
          expect(read?.by).toBe('halted.json');
          expect(read?.reason).toContain(path);
          expect(read?.reason).toContain('counts as halted');
          writeHalted(path, { at: 5, by: 'the operator', reason: 'why' });
          expect(readHalted(path)).toEqual({ at: 5, by: 'the operator', reason: 'why' });
        },
      ),
      { numRuns: 100 },
    );
  });

  test('property: a disk that is full after any part of it keeps a halt, and any other fault is told and leaves nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (part, isFull) => {
        const path = place();
        const write = (file: number, text: string): void => {
          writeSync(file, text.slice(0, Math.floor(part * (text.length - 2))));
          throw Object.assign(new Error('write'), { code: isFull ? 'ENOSPC' : 'EIO' });
        };
        const halting = (): void => writeHalted(path, { at: 5, by: 'the operator', reason: 'why' }, write);
        if (isFull) {
          halting();
          expect(readHalted(path)?.reason).toContain('counts as halted');
        } else {
          expect(halting).toThrow('write');
          expect(readdirSync(join(path, '..'))).toEqual([]);
        }
        clearHalted(path);
      }),
      { numRuns: 50 },
    );
  });

  test('whose name a folder has halts too', () => {
    const path = place();
    mkdirSync(path);
    expect(readHalted(path)).toMatchObject({ by: 'halted.json' });
  });
});
