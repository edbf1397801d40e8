import { existsSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeFolder } from '../../src/transport/make-folder.ts';
import '../support/properties.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'r-'));
const names = fc.array(fc.stringMatching(/^[a-z ]{1,8}$/), { minLength: 1, maxLength: 5 });

describe('makeFolder', () => {
  test('property: a folder and all that is missing above it are there afterwards, with their mode, once and again', () =>
    fc.assert(
      fc.property(names, fc.nat(4), fc.constantFrom(0o700, 0o755), (parts, there, mode) => {
        const at = room();
        mkdirSync(join(at, ...parts.slice(0, there)), { recursive: true });
        const path = join(at, ...parts);
        makeFolder(path, mode);
        makeFolder(path, mode);
        expect(statSync(path).isDirectory()).toBe(true);
        if (there < parts.length) expect(statSync(path).mode & 0o777).toBe(mode & ~process.umask());
      }),
      { numRuns: 50 },
    ));

  // Of the folders of the system, those that make none: `recursive` of mkdir never ends in the first.
  test.each(['/proc/none/a/b', '/proc/self/none', '/dev/null/a'])(
    '%s is one sentence, with what to do',
    (path) => {
      expect(() => makeFolder(path)).toThrow(/name another/);
    },
  );

  test('a file or a link to nothing in its way is one sentence, and nothing is made', () => {
    const at = room();
    writeFileSync(join(at, 'file'), 'x');
    symlinkSync('nowhere', join(at, 'link'));
    for (const name of ['file', 'link']) {
      expect(() => makeFolder(join(at, name, 'a', 'b'))).toThrow(/name another/);
      expect(existsSync(join(at, name, 'a'))).toBe(false);
    }
  });
});
