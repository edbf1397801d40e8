import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A folder of the suite's own, removed after it. Call it inside `describe` or at the top of a file. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'voltage-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
