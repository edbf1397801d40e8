import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The schema of `ModelIdentity`. */
export const modelIdentity = z.strictObject({
  asset: z.string(),
  /** The file as it was named, and its sha256; a manifest names all its artefacts by theirs. */
  named: z.string(),
  sha256: z.string(),
  /** Which models these are, in words: kind, fold, runtime, and why not others. */
  describe: z.string(),
  runtime: z.enum(['onnx', 'tfjs']),
  fallback: z.boolean(),
});

/** The models that forecast one asset. Two runs with equal identities forecast alike. */
export type ModelIdentity = z.infer<typeof modelIdentity>;

const identities = z.array(modelIdentity);

/** Name of the file of models that a recording keeps beside its tapes. */
export const modelsFileOf = (folder: string, session: string): string =>
  join(folder, `${session}.models.json`);

/** Writes which models a lane ran on, beside its tape. The folder exists. Throws if the file is already there. */
export function keepModels(folder: string, session: string, models: readonly ModelIdentity[]): void {
  writeFileSync(modelsFileOf(folder, session), `${JSON.stringify(models, undefined, 2)}\n`, { flag: 'wx' });
}

/** Reads such a file's text. Throws one sentence naming `path` if it is not one. */
export function readModels(path: string, text: string): readonly ModelIdentity[] {
  try {
    return identities.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(
      `${path}: must hold the models of a recording (${(cause as Error).message.split('\n')[0]}); take it away, and the replay uses the settings' models`,
    );
  }
}

/** One sentence for each asset whose models at replay are not those of the recording. */
export function modelDifferences(
  recorded: readonly ModelIdentity[],
  used: readonly ModelIdentity[],
): readonly string[] {
  return used.flatMap((now) => {
    const before = recorded.find(({ asset }) => asset === now.asset);
    if (!before || (before.sha256 === now.sha256 && before.describe === now.describe)) return [];
    const nameOf = ({ named, sha256, describe }: ModelIdentity): string =>
      `${named} ${sha256.slice(0, 8)} (${describe})`;
    return [`models of ${now.asset}: recorded with ${nameOf(before)}, now ${nameOf(now)}`];
  });
}
