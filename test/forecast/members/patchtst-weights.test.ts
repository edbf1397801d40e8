import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadModels } from '../../../pipelines/load/load-models.ts';
import { readPatchtstWeights } from '../../../src/forecast/members/patchtst-weights.ts';
import { type NamedTensor, readSafetensors } from '../../../src/forecast/members/safetensors.ts';
import { tensorFile } from './tensor-file.ts';

const { folder, models } = loadModels();
const bytes = readFileSync(`${folder}/${models.folds[0]?.patchtstWeights?.file}`);
/** The first seed of the shipped weights. */
const shipped = new Map([...readSafetensors(bytes).tensors].filter(([name]) => name.startsWith('0.')));
const METADATA = { heads: '2', seeds: '1' };
const zeros = (...shape: readonly number[]): NamedTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});
const read = (
  tensors: Iterable<readonly [string, NamedTensor]>,
  metadata: Readonly<Record<string, string>> = METADATA,
) => readPatchtstWeights(tensorFile(tensors, metadata));

describe('readPatchtstWeights', () => {
  test('gives each seed its weights by their names in Python, whatever the number of seeds', () => {
    const third = [...shipped].map(([name, tensor]) => [name.replace('0.', '2.'), tensor] as const);
    const second = [...shipped].map(
      ([name]) => [name.replace('0.', '1.'), shipped.get(name) as NamedTensor] as const,
    );
    const { heads, seeds } = read([...third, ...shipped, ...second], { heads: '2', seeds: '3' });
    expect(heads).toBe(2);
    expect(seeds.map((seed) => seed.size)).toEqual([shipped.size, shipped.size, shipped.size]);
    expect(seeds[2]?.get('embed.weight')).toEqual(shipped.get('0.embed.weight'));
  });

  test('width, layers and hidden units are read off the shapes', () => {
    const deeper = new Map(shipped);
    for (const [name, tensor] of shipped)
      if (name.startsWith('0.blocks.1.')) deeper.set(name.replace('blocks.1', 'blocks.2'), tensor);
    expect(read(deeper).seeds[0]?.has('blocks.2.qkv.weight')).toBe(true);
    const wider = new Map(shipped)
      .set('0.hidden.weight', zeros(7, shipped.get('0.hidden.weight')?.shape[1] ?? 0))
      .set('0.hidden.bias', zeros(7))
      .set('0.head.weight', zeros(4, 7));
    expect(read(wider).seeds[0]?.get('hidden.bias')?.shape).toEqual([7]);
  });

  test('how many inputs of the trees the head knows is read off their means, and every seed knows as many', () => {
    const known = models.statics.length;
    expect(read(shipped).inputs).toBe(known);
    expect(() => read(new Map(shipped).set('0.input_deviation', zeros(known + 1)))).toThrow(
      `patchtst: 0.input_deviation must be [${known}], was [${known + 1}]`,
    );
    const second = [...shipped].map(([name, tensor]) => [name.replace('0.', '1.'), tensor] as const);
    const other = new Map([...shipped, ...second]).set('1.input_mean', zeros(known + 1));
    expect(() => read(other, { heads: '2', seeds: '2' })).toThrow(
      `patchtst: 1.input_mean must be [${known}], was [${known + 1}]`,
    );
  });

  test('metadata without heads or seeds as small whole numbers is refused with what it was', () => {
    for (const metadata of [
      { seeds: '1' },
      { heads: '2' },
      { heads: '0', seeds: '1' },
      { heads: '2', seeds: '1e3' },
    ])
      expect(() => read(shipped, metadata as Record<string, string>)).toThrow(
        `patchtst: the weights' metadata must have heads and seeds as whole numbers from 1 to 99, was ${JSON.stringify(metadata)} (`,
      );
  });

  test('a weight that is missing, unknown or of another shape is refused by its name with both shapes', () => {
    const without = new Map(shipped);
    without.delete('0.head.bias');
    expect(() => read(without)).toThrow('patchtst: 0.head.bias must be [4], was absent');
    expect(() => read([...shipped, ['0.tail.bias', zeros(3)]])).toThrow(
      'patchtst: 0.tail.bias must be absent, was [3]',
    );
    expect(() => read(new Map(shipped).set('0.embed.weight', zeros(32, 134)))).toThrow(
      'patchtst: 0.embed.weight must be [32, 102], was [32, 134]',
    );
  });

  test('seeds that are not numbered from 0, or of which one has nothing, are refused', () => {
    expect(() => read([...shipped, ['1.scale', zeros(3)]])).toThrow(
      'patchtst: the weights of 1 seeds must be numbered from 0, was 1.scale',
    );
    expect(() => read([...shipped, ['scale', zeros(3)]])).toThrow('was scale');
    expect(() => read(shipped, { heads: '2', seeds: '2' })).toThrow(
      'patchtst: the width of seed 1 must be a multiple of its 2 heads, was 0',
    );
  });

  test('a width that the heads do not divide is refused', () => {
    expect(() => read(shipped, { heads: '5', seeds: '1' })).toThrow(
      'patchtst: the width of seed 0 must be a multiple of its 5 heads, was 32',
    );
  });
});
