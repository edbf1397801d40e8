import { CONTEXT_MINUTES } from '../../src/features/minute-channels.ts';
import { tinyOnnx } from '../support/tiny-onnx.ts';

/** What a member of a test says at each of the four horizons: `biases[h] + slopes[h] · x[picks[h]]`. */
export interface Linear {
  readonly picks: readonly number[];
  readonly slopes: readonly number[];
  readonly biases: readonly number[];
}

/** The same at every input. */
export const constantly = (biases: readonly number[]): Linear => ({
  picks: [0, 0, 0, 0],
  slopes: [0, 0, 0, 0],
  biases,
});

const numbers = ({ picks, slopes, biases }: Linear) => ({
  picks: BigInt64Array.from(picks, BigInt),
  slopes: Float32Array.from(slopes),
  biases: Float32Array.from(biases),
});
const linear = (from: string, to: string) => [
  { op: 'Gather', inputs: [from, 'picks'], output: 'picked', axis: 1 },
  { op: 'Mul', inputs: ['picked', 'slopes'], output: 'sloped' },
  { op: 'Add', inputs: ['sloped', 'biases'], output: to },
];

/** A graph with the ends of LightGBM's: `features` [1, width] in, `corrections` [1, 4] out. */
export const linearTrees = (width: number, of: Linear): Buffer =>
  tinyOnnx({
    inputs: [{ name: 'features', dims: [1, width] }],
    output: { name: 'corrections', dims: [1, of.biases.length] },
    constants: numbers(of),
    nodes: linear('features', 'corrections'),
  });

/** A graph with the ends of PatchTST's. It picks from the window's rows one after another, then from the nine statics. */
export const linearSequence = (channels: number, of: Linear, output = 'residual'): Buffer =>
  tinyOnnx({
    inputs: [
      { name: 'window', dims: [1, CONTEXT_MINUTES, channels] },
      { name: 'statics', dims: [1, 9] },
    ],
    output: { name: output, dims: [1, of.biases.length] },
    constants: { ...numbers(of), flat: BigInt64Array.from([1n, BigInt(CONTEXT_MINUTES * channels)]) },
    nodes: [
      { op: 'Reshape', inputs: ['window', 'flat'], output: 'row' },
      { op: 'Concat', inputs: ['row', 'statics'], output: 'all', axis: 1 },
      ...linear('all', output),
    ],
  });
