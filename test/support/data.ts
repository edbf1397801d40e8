import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from '@jest/globals';

const root = resolve(process.env['VOLTAGE_DATA'] ?? '../shared/data');

/** Path of a recording below the data folder (`VOLTAGE_DATA`, else `../shared/data`). */
export const dataPath = (...parts: readonly string[]): string => join(root, ...parts);

/** A suite on recorded data; where the folder is absent it is skipped with the reason in its title. */
export function describeData(title: string, suite: () => void): void {
  if (existsSync(root)) describe(title, suite);
  else describe.skip(`${title} (skipped: no data at ${root})`, () => test('needs recordings', suite));
}
