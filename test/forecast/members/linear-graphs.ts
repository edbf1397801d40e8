import { CONTEXT_MINUTES } from '../../../src/features/minute/minute-channels.ts';
import { tinyOnnx } from '../../support/tiny-onnx.ts';

/** What a head of a member says, a number a horizon or, for quantiles, two: `biases[h] + slopes[h] · x[picks[h]]`. */
export interface Linear {
  readonly picks: readonly number[];
  readonly slopes: readonly number[];
  readonly biases: readonly number[];
}

/** The same at every input. */
export const constantly = (biases: readonly number[]): Linear => ({
  picks: biases.map(() => 0),
  slopes: biases.map(() => 0),
  biases,
});

const head = (from: string, to: string, { picks, slopes, biases }: Linear) => ({
  output: { name: to, dims: [1, biases.length] },
  constants: {
    [`${to}.picks`]: BigInt64Array.from(picks, BigInt),
    [`${to}.slopes`]: Float32Array.from(slopes),
    [`${to}.biases`]: Float32Array.from(biases),
  },
  nodes: [
    { op: 'Gather', inputs: [from, `${to}.picks`], output: `${to}.picked`, axis: 1 },
    { op: 'Mul', inputs: [`${to}.picked`, `${to}.slopes`], output: `${to}.sloped` },
    { op: 'Add', inputs: [`${to}.sloped`, `${to}.biases`], output: to },
  ],
});

/** A graph with the ends of LightGBM's: `features` [1, width] in, `corrections` [1, 4] and, where they are given, `quantiles` [1, 8] out. */
export const linearTrees = (width: number, of: Linear, quantiles?: Linear): Buffer => {
  const heads = [
    head('features', 'corrections', of),
    ...(quantiles ? [head('features', 'quantiles', quantiles)] : []),
  ];
  return tinyOnnx({
    inputs: [{ name: 'features', dims: [1, width] }],
    outputs: heads.map(({ output }) => output),
    constants: Object.assign({}, ...heads.map(({ constants }) => constants)),
    nodes: heads.flatMap(({ nodes }) => nodes),
  });
};

/** A graph with the ends of PatchTST's. It picks from the window's rows one after another, then from the nine statics and the `inputs` after them. */
export const linearSequence = (channels: number, of: Linear, inputs = 0, name = 'residual'): Buffer => {
  const { output, constants, nodes } = head('all', name, of);
  return tinyOnnx({
    inputs: [
      { name: 'window', dims: [1, CONTEXT_MINUTES, channels] },
      { name: 'statics', dims: [1, 9 + inputs] },
    ],
    outputs: [output],
    constants: { ...constants, flat: BigInt64Array.from([1n, BigInt(CONTEXT_MINUTES * channels)]) },
    nodes: [
      { op: 'Reshape', inputs: ['window', 'flat'], output: 'row' },
      { op: 'Concat', inputs: ['row', 'statics'], output: 'all', axis: 1 },
      ...nodes,
    ],
  });
};
