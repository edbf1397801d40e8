import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** package.json, beside the sources and beside the build alike. */
const PLACES = ['../../package.json', '../../../package.json'];

/** The version of this package. Throws if its package.json is missing or states none. */
export function packageVersion(): string {
  const file = PLACES.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (!file) throw new Error('voltage: its package.json is missing; install the package again');
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
