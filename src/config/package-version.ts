import { existsSync, readFileSync } from 'node:fs';

/** package.json, beside the sources and beside the build alike. */
const PLACES = ['../../package.json', '../../../package.json'];

/** The version of this package. Throws if its package.json is missing or states none. */
export function packageVersion(): string {
  const file = PLACES.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (!file) throw new Error('voltage: its package.json is missing; install the package again');
  // Every command states it, and a schema's library takes longer to load than the rest of a short command.
  const { version }: { readonly version?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof version !== 'string')
    throw new Error('voltage: its package.json states no version; install it again');
  return version;
}
