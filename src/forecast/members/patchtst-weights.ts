import { z } from 'zod';
import { type NamedTensor, readSafetensors } from './safetensors.ts';

/** PatchTST's weights: names and shapes as in `models/training/patchtst_model.py`, checked. */
export interface PatchtstWeights {
  readonly heads: number;
  /** Number of the trees' inputs that the head reads. */
  readonly inputs: number;
  /** Tensors of each seed, by name: `embed.weight`, `blocks.0.qkv.bias`, … */
  readonly seeds: readonly ReadonlyMap<string, NamedTensor>[];
}

/** Constants of the model's shapes, besides width, layers and hidden units. */
const [PATCHES, PATCH_INPUTS, KNOWN_BESIDE_TOKENS, HORIZONS, NORMALISED] = [63, 102, 30, 4, 3];

const count = z
  .string()
  .regex(/^[1-9]\d?$/)
  .transform(Number);
const metadataSchema = z.object({ heads: count, seeds: count });

const linear = (name: string, inputs: number, outputs: number): [string, number[]][] => [
  [`${name}.weight`, [outputs, inputs]],
  [`${name}.bias`, [outputs]],
];
const norm = (name: string, width: number): [string, number[]][] => [
  [`${name}.weight`, [width]],
  [`${name}.bias`, [width]],
];

const shapesOf = (
  width: number,
  layers: number,
  hidden: number,
  inputs: number,
): ReadonlyMap<string, readonly number[]> =>
  new Map([
    ['scale', [NORMALISED]],
    ['shift', [NORMALISED]],
    ...linear('embed', PATCH_INPUTS, width),
    ['place', [PATCHES, width]],
    ...Array.from({ length: layers }, (_, i) => [
      ...norm(`blocks.${i}.norm_attention`, width),
      ...linear(`blocks.${i}.qkv`, width, 3 * width),
      ...linear(`blocks.${i}.out`, width, width),
      ...norm(`blocks.${i}.norm_feed`, width),
      ...linear(`blocks.${i}.widen`, width, 2 * width),
      ...linear(`blocks.${i}.narrow`, 2 * width, width),
    ]).flat(),
    ...norm('norm', width),
    ...linear('hidden', 2 * width + KNOWN_BESIDE_TOKENS + inputs, hidden),
    ...linear('head', hidden, HORIZONS),
    ['constant', [HORIZONS]],
    ['input_mean', [inputs]],
    ['input_deviation', [inputs]],
  ]);

const lengthOf = (tensor: NamedTensor | undefined): number => tensor?.data.length ?? 0;
const shown = (shape: readonly number[] | undefined): string => (shape ? `[${shape.join(', ')}]` : 'absent');

/**
 * Reads the weights of every seed from a file of tensors whose names begin with the seed's index. Throws one
 * sentence if the metadata, a name or a shape does not fit the model of this build.
 */
export function readPatchtstWeights(bytes: Uint8Array): PatchtstWeights {
  const { tensors, metadata } = readSafetensors(bytes);
  const { data, error } = metadataSchema.safeParse(metadata);
  if (!data)
    throw new Error(
      `patchtst: the weights' metadata must have heads and seeds as whole numbers from 1 to 99, was ${JSON.stringify(metadata)} (${error.issues.map(({ path }) => path.join('.')).join(', ')})`,
    );
  const seeds = Array.from({ length: data.seeds }, () => new Map<string, NamedTensor>());
  for (const [name, tensor] of tensors) {
    const [, seed = '', own = ''] = /^(\d+)\.(.+)$/.exec(name) ?? [];
    const of = seeds[seed === '' ? -1 : Number(seed)];
    if (!of)
      throw new Error(`patchtst: the weights of ${data.seeds} seeds must be numbered from 0, was ${name}`);
    of.set(own, tensor);
  }
  const inputs = lengthOf(seeds[0]?.get('input_mean'));
  for (const [i, own] of seeds.entries()) {
    const width = lengthOf(own.get('norm.bias'));
    if (width === 0 || width % data.heads !== 0)
      throw new Error(
        `patchtst: the width of seed ${i} must be a multiple of its ${data.heads} heads, was ${width}`,
      );
    const layers = [...own.keys()].filter((name) => /^blocks\.\d+\.qkv\.bias$/.test(name)).length;
    const expected = shapesOf(width, layers, lengthOf(own.get('hidden.bias')), inputs);
    for (const name of new Set([...expected.keys(), ...own.keys()])) {
      const [must, was] = [shown(expected.get(name)), shown(own.get(name)?.shape)];
      if (must !== was) throw new Error(`patchtst: ${i}.${name} must be ${must}, was ${was}`);
    }
  }
  return { heads: data.heads, inputs, seeds };
}
