import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readSmallFile } from '../../src/tape/read-small-file.ts';

/** The shipped backbone and manifest have forty kilobytes each. */
export const MOST_MODEL_BYTES = 16 * 2 ** 20;

const SHIPPED = 'shipped:';

/** The package's models, beside the sources and beside the build alike. */
const FOLDERS = ['../../models/', '../../../models/'];

/** A file of models: where it is, and what it is called in sentences. */
export interface ModelFile {
  readonly path: string;
  readonly name: string;
}

/** True for a file of the package itself. */
export const isShipped = (named: string): boolean => named.startsWith(SHIPPED);

/** Finds a file that is named by its path, or as `shipped:FILE` for a file in the package's models folder. */
export function modelFile(named: string): ModelFile {
  if (!isShipped(named)) return { path: named, name: named };
  const file = named.slice(SHIPPED.length);
  const candidates = FOLDERS.map((folder) => fileURLToPath(new URL(folder + file, import.meta.url)));
  return { path: candidates.find(existsSync) ?? (candidates[0] as string), name: `models/${file}` };
}

const label = z.object({ kind: z.enum(['backbone', 'models']), asset: z.string() });

/** The kind and the asset that a model file states; undefined if it does not state both or cannot be read. */
export function labelOf(named: string): z.infer<typeof label> | undefined {
  try {
    return label.safeParse(JSON.parse(readSmallFile(modelFile(named).path, MOST_MODEL_BYTES))).data;
  } catch {
    return undefined;
  }
}

/** Throws one sentence if models of one asset would forecast another. */
export function refuseOther(room: 'backbone' | 'models', name: string, found: string, wanted: string): void {
  if (found !== wanted)
    throw new Error(
      `${room}: ${name} must be of ${wanted}, was of ${found}; name ${wanted}'s own, or fit one: voltage fit-backbone --asset ${wanted} --bars CSV`,
    );
}
