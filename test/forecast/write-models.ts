import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelFold, Models } from '../../src/forecast/members/models-manifest.ts';
import { handFold, handModels } from './hand-models.ts';
import { constantly, type Linear, linearSequence, linearTrees } from './members/linear-graphs.ts';
import { handBackbone } from './models.ts';

/** What a fold on disk is made of; what is not given is a graph that corrects by 0.1 (trees) or −0.05 (sequence). */
export interface FoldFiles {
  readonly name: string;
  readonly trainedUntil: string;
  readonly trees?: Linear | Buffer;
  /** Beside `trees` that are no buffer: low and high by horizon. Without them the graph has no quantiles. */
  readonly quantiles?: Linear;
  /** Null for a fold without PatchTST. */
  readonly sequence?: Linear | Buffer | null;
  readonly backbone?: string | Buffer;
  readonly horizons?: ModelFold['horizons'];
}

const artefact = (folder: string, file: string, bytes: Buffer) => {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), bytes);
  return { file, sha256: createHash('sha256').update(bytes).digest('hex') };
};
const bytesOf = (given: Linear | Buffer, graph: (of: Linear) => Buffer): Buffer =>
  Buffer.isBuffer(given) ? given : graph(given);

/** Writes folds of tiny graphs and their manifest into `folder`; gives the manifest and where it is. */
export function writeModels(
  folder: string,
  folds: readonly FoldFiles[] = [{ name: 'first', trainedUntil: '2026-01-01T00:00:00.000Z' }],
  over: Partial<Models> = {},
): { readonly path: string; readonly models: Models } {
  const made = handModels(over);
  const models = {
    ...made,
    folds: folds.map(({ name, trainedUntil, trees, quantiles, sequence, backbone, horizons }): ModelFold => {
      const fold = handFold({ name, trainedUntil, ...(horizons && { horizons }) });
      const graph = bytesOf(trees ?? constantly([0.1, 0.1, 0.1, 0.1]), (of) =>
        linearTrees(made.features.length, of, quantiles),
      );
      return {
        ...fold,
        backbone: artefact(
          folder,
          `${name}/backbone.json`,
          Buffer.from(backbone ?? JSON.stringify(handBackbone())),
        ),
        lightgbm: artefact(folder, `${name}/lightgbm.onnx`, graph),
        ...(sequence !== null && {
          patchtst: artefact(
            folder,
            `${name}/patchtst.onnx`,
            bytesOf(sequence ?? constantly([-0.05, -0.05, -0.05, -0.05]), (of) =>
              linearSequence(made.channels.length, of, made.statics.length),
            ),
          ),
        }),
      };
    }),
  };
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify(models));
  return { path, models };
}
