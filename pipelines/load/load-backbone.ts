import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Backbone } from '../../src/forecast/backbone.ts';
import { parseBackbone } from '../../src/forecast/manifest.ts';

/** The shipped model, found beside the sources and beside the build alike. */
const SHIPPED = ['../../models/backbone.json', '../../../models/backbone.json'];

/** Reads a backbone; without `path` the shipped one. Throws one sentence naming the file where it is missing, unreadable or unusable. */
export function loadBackbone(path?: string): Backbone {
  const candidates =
    path === undefined ? SHIPPED.map((at) => fileURLToPath(new URL(at, import.meta.url))) : [path];
  let text: string | undefined;
  for (const candidate of candidates) {
    try {
      text = readFileSync(candidate, 'utf8');
      break;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code !== 'ENOENT') throw new Error(`backbone: ${candidate} cannot be read (${message})`);
    }
  }
  const name = path ?? 'models/backbone.json';
  if (text === undefined)
    throw new Error(
      `backbone: there is no ${name}; fit one with: npm run voltage -- fit-backbone --bars CSV`,
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`backbone: ${name} is not JSON (${(cause as Error).message}); fit it again`);
  }
  return parseBackbone(json, name);
}
