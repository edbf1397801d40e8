import type { Backbone } from '../../src/forecast/backbone/backbone.ts';
import { parseBackbone } from '../../src/forecast/backbone/manifest.ts';
import { readSmallFile } from '../../src/tape/read-small-file.ts';
import { MOST_MODEL_BYTES, modelFile, refuseOther } from './model-file.ts';

/**
 * Reads a backbone by its path or as `shipped:FILE`. Throws one sentence naming the file if it is missing,
 * unreadable, unusable or made for another asset than `asset`. Without `asset`, any asset will do.
 */
export function loadBackbone(named = 'shipped:backbone.json', asset?: string): Backbone {
  const { path, name } = modelFile(named);
  let text: string;
  try {
    text = readSmallFile(path, MOST_MODEL_BYTES);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Error(
      code === 'ENOENT'
        ? `backbone: there is no ${name}; fit one with: npx voltage fit-backbone --bars CSV`
        : `backbone: ${name} cannot be read (${message})`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`backbone: ${name} is not JSON (${(cause as Error).message}); fit it again`);
  }
  const backbone = parseBackbone(json, name);
  if (asset !== undefined) refuseOther('backbone', name, backbone.asset, asset);
  return backbone;
}
