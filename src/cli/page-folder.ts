import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the built page lies, seen from the sources and from the build. */
const PLACES = ['../../dist/console', '../../console'];

/** The folder of the console's page. It may not be there: the server then says how to build it. */
export const pageFolder = (): string => {
  const places = PLACES.map((place) => fileURLToPath(new URL(`${place}/`, import.meta.url)));
  return places.find((place) => existsSync(place)) ?? places[0] ?? '';
};
