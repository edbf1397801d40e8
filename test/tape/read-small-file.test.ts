import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readSmallFile } from '../../src/tape/read-small-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();

describe('readSmallFile', () => {
  test('gives the text of a file that is as small as it must be, and refuses a byte more', () => {
    const path = join(root, 'small.yaml');
    writeFileSync(path, 'x'.repeat(1_000));
    expect(readSmallFile(path, 1_000)).toHaveLength(1_000);
    expect(() => readSmallFile(path, 999)).toThrow(/is it the right file\?/);
  });

  test('a file that is not there is told as the file system tells it', () => {
    expect(() => readSmallFile(join(root, 'none'), 1)).toThrow(/ENOENT/);
  });
});
