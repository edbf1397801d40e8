import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadModels } from '../../../pipelines/load/load-models.ts';
import type { InferenceInput } from '../../../src/forecast/members/inference-model.ts';
import type { Tfjs } from '../../../src/forecast/members/load-tfjs.ts';
import { openOnnx } from '../../../src/forecast/members/onnx-model.ts';
import { readSafetensors } from '../../../src/forecast/members/safetensors.ts';
import { openTfjs } from '../../../src/forecast/members/tfjs-patchtst.ts';
import { random } from '../../support/random.ts';
import { tensorFile } from './tensor-file.ts';

interface Golden {
  readonly patchtst: {
    readonly windows: readonly (readonly number[])[];
    readonly statics: readonly (readonly (number | null)[])[];
    readonly expected: readonly (readonly number[])[];
  };
}
type Feeds = Readonly<Record<'window' | 'statics', InferenceInput>>;

const PARITY = 1e-5;
/** On random windows ONNX Runtime is itself up to 2.6e-5 off the model in float64, TensorFlow.js 1.4e-6. */
const OF_ONNX = 5e-5;
const [CONTEXT, CHANNELS, ROWS] = [512, 4, 4];
// Plain JavaScript takes tens of milliseconds a row and seed, more on a busy machine.
const shipped = loadModels();
const { folds, statics: inputs } = shipped.models;
const STATICS = 9 + inputs.length;
const bytesOf = (file: string | undefined): Buffer => readFileSync(`${shipped.folder}/${file}`);

const feedsOf = (
  windows: readonly (readonly number[])[],
  statics: readonly (readonly (number | null)[])[],
): Feeds => ({
  window: { data: Float32Array.from(windows.flat()), dims: [windows.length, CONTEXT, CHANNELS] },
  statics: {
    data: Float32Array.from(statics.flat(), (value) => value ?? Number.NaN),
    dims: [statics.length, STATICS],
  },
});
const apart = (found: ArrayLike<number> | undefined, expected: ArrayLike<number> | undefined): number => {
  expect(found?.length).toBe(expected?.length);
  return Math.max(...Array.from(expected ?? [], (value, i) => Math.abs(value - (found?.[i] ?? Number.NaN))));
};

/** Windows of calm and of storm, with minutes that have no trade, at any time of the week. */
const randomFeeds = (seed: number, batch: number): Feeds => {
  const { uniform, normal } = random(seed);
  const windows = Array.from({ length: batch }, () => {
    const level = -17 + 3 * normal();
    return Array.from({ length: CONTEXT }, () =>
      uniform() < 0.1
        ? [Math.log(1e-9), Math.log(1e-9), normal() / 4, 0]
        : [level + 2 * normal(), level + normal(), normal() / 4, Math.exp(level / 2) * normal()],
    ).flat();
  });
  const statics = Array.from({ length: batch }, () => [
    ...Array.from({ length: 4 }, () => -16 + normal()),
    ...Array.from({ length: 4 }, () => normal() / 3),
    Math.floor(uniform() * 10_080),
    ...inputs.map(() => (uniform() < 0.05 ? null : -2 + 3 * normal())),
  ]);
  return feedsOf(windows, statics);
};

/** What must hold of `openTfjs` on any build of TensorFlow.js. */
export const tfjsParity = (on: string, load: () => Promise<Tfjs>): void =>
  describe(`PatchTST on ${on}`, () => {
    let tf: Tfjs;
    beforeAll(async () => {
      tf = await load();
    });

    test.each(folds.map((fold) => [fold.name, fold] as const))(
      'answers the golden rows of fold %s as Python did',
      async (name, fold) => {
        const { patchtst } = JSON.parse(bytesOf(`${name}/golden.json`).toString('utf8')) as Golden;
        expect(patchtst.windows.length).toBeGreaterThanOrEqual(3);
        const model = await openTfjs(bytesOf(fold.patchtstWeights?.file), tf);
        const { residual } = await model.run(feedsOf(patchtst.windows, patchtst.statics));
        expect(apart(residual, patchtst.expected.flat())).toBeLessThanOrEqual(PARITY);
        await model.close();
      },
    );

    test.each(folds.map((fold) => [fold.name, fold] as const))(
      'says of any window what ONNX Runtime does, row by row or together: fold %s',
      async (_, fold) => {
        const feeds = randomFeeds(3, ROWS);
        const onnx = await openOnnx(bytesOf(fold.patchtst?.file));
        const model = await openTfjs(bytesOf(fold.patchtstWeights?.file), tf);
        const { residual: together } = await model.run(feeds);
        // The graph for ONNX Runtime is of one origin.
        for (let i = 0; i < ROWS; i++) {
          const row = (size: number, { data }: InferenceInput) => data.slice(i * size, (i + 1) * size);
          const one: Feeds = {
            window: { data: row(CONTEXT * CHANNELS, feeds.window), dims: [1, CONTEXT, CHANNELS] },
            statics: { data: row(STATICS, feeds.statics), dims: [1, STATICS] },
          };
          const { residual: expected } = await onnx.run(one);
          const { residual: alone } = await model.run(one);
          expect(apart(alone, expected)).toBeLessThanOrEqual(OF_ONNX);
          expect(apart(together?.slice(4 * i, 4 * i + 4), alone)).toBeLessThanOrEqual(PARITY);
        }
        await model.close();
        await onnx.close();
      },
    );

    test('several seeds are the mean of what each says alone', async () => {
      const files = folds.map(({ patchtstWeights }) => bytesOf(patchtstWeights?.file));
      let seeds = 0;
      const all = files.flatMap((bytes) => {
        const { tensors, metadata } = readSafetensors(bytes);
        const first = seeds;
        seeds += Number(metadata['seeds']);
        return [...tensors].map(([name, tensor]) => {
          const [seed = '', ...own] = name.split('.');
          return [`${first + Number(seed)}.${own.join('.')}`, tensor] as const;
        });
      });
      const feeds = randomFeeds(5, 2);
      const together = await openTfjs(tensorFile(all, { heads: '2', seeds: String(seeds) }), tf);
      const { residual } = await together.run(feeds);
      const mean = new Float64Array(8);
      for (const bytes of files) {
        const model = await openTfjs(bytes, tf);
        const share = Number(readSafetensors(bytes).metadata['seeds']) / seeds;
        const { residual: alone = new Float32Array() } = await model.run(feeds);
        for (const [i, value] of alone.entries()) mean[i] = (mean[i] as number) + value * share;
        await model.close();
      }
      expect(seeds).toBeGreaterThan(1);
      expect(apart(residual, mean)).toBeLessThanOrEqual(PARITY);
      await together.close();
    });

    test('a run leaves no tensor behind, a refused one neither, and closing takes the weights away', async () => {
      const before = tf.memory().numTensors;
      const model = await openTfjs(bytesOf(folds[0]?.patchtstWeights?.file), tf);
      const open = tf.memory().numTensors;
      expect(open).toBeGreaterThan(before);
      const feeds = randomFeeds(7, 1);
      await model.run(feeds);
      await expect(model.run({ window: feeds.window })).rejects.toThrow();
      expect(tf.memory().numTensors).toBe(open);
      await model.close();
      expect(tf.memory().numTensors).toBe(before);
    });

    test('inputs of another shape are refused with both shapes', async () => {
      const model = await openTfjs(bytesOf(folds[0]?.patchtstWeights?.file), tf);
      const { window, statics } = randomFeeds(9, 1);
      const wide = { data: new Float32Array(CONTEXT * 5), dims: [1, CONTEXT, 5] };
      await expect(model.run({ window: wide, statics })).rejects.toThrow(
        'patchtst: window must be [batch, 512, 4] with as many values, was [1, 512, 5] with 2560',
      );
      const turned = { data: window.data, dims: [1, CHANNELS, CONTEXT] };
      await expect(model.run({ window: turned, statics })).rejects.toThrow('was [1, 4, 512] with 2048');
      const short = { data: statics.data.subarray(1), dims: [1, STATICS] };
      await expect(model.run({ window, statics: short })).rejects.toThrow(
        `patchtst: statics must be [batch, ${STATICS}] with as many values, was [1, ${STATICS}] with ${STATICS - 1}`,
      );
      await expect(model.run({ window })).rejects.toThrow('was [] with 0');
      await model.close();
    });
  });
