import type { Tensor } from '@tensorflow/tfjs-core';
import type { InferenceInput, InferenceModel } from './inference-model.ts';
import type { Tfjs } from './load-tfjs.ts';
import { readPatchtstWeights } from './patchtst-weights.ts';
import { tfjsClock } from './tfjs-clock.ts';
import { tfjsLayers, type Weight } from './tfjs-layers.ts';

// As in models/training/patchtst_model.py, which explains them.
const [CONTEXT, STRIDE, CHANNELS, STATICS] = [512, 8, 4, 9];
const HALVES = CONTEXT / STRIDE;
const [NORMALISED, VARIANCES] = [3, 2];
const MOVES = [5, 15, 30, 60, 240, CONTEXT];
const CENTRE = -16;
const MOST_INPUT = 4;

/** Channels or columns [`from`, `from + count`): a slice of the last axis. */
const columns = (tf: Tfjs, x: Tensor, from: number, count: number): Tensor =>
  tf.slice(x, [...x.shape.slice(1).map(() => 0), from], [...x.shape.slice(0, -1), count]);

/**
 * `PatchTst.forward`: `window` [batch, 512, 4] raw channels, oldest first, `statics` [batch, 9 + inputs] to
 * [batch, 4] log corrections.
 */
function forward(
  tf: Tfjs,
  weight: Weight,
  { layers, heads }: { readonly layers: number; readonly heads: number },
  window: Tensor,
  statics: Tensor,
): Tensor {
  const { linear, layerNorm, gelu, block } = tfjsLayers(tf);
  const [batch = 0] = window.shape;
  const [harx, season, minuteOfWeek] = [
    columns(tf, statics, 0, 4),
    columns(tf, statics, 4, 4),
    columns(tf, statics, 8, 1),
  ];
  const level = columns(tf, harx, 3, 1);
  const [, given = 0] = statics.shape;
  const standard = tf.div(
    tf.sub(columns(tf, statics, STATICS, given - STATICS), weight('input_mean')),
    weight('input_deviation'),
  );
  const inputs = tf.clipByValue(
    tf.where(tf.isNaN(standard), tf.zerosLike(standard), standard),
    -MOST_INPUT,
    MOST_INPUT,
  );
  const logs = columns(tf, window, 0, NORMALISED);
  const [logSeason, returns] = [columns(tf, window, 2, 1), columns(tf, window, 3, 1)];

  const { mean, variance } = tf.moments(logs, 1, true);
  const deviation = tf.sqrt(tf.add(variance, 1e-4));
  const revin = tf.add(tf.mul(tf.div(tf.sub(logs, mean), deviation), weight('scale')), weight('shift'));

  // [batch, 512, 1]
  const expected = tf.add(tf.reshape(tf.sub(level, columns(tf, season, 3, 1)), [batch, 1, 1]), logSeason);
  const relative = tf.exp(tf.clipByValue(tf.sub(columns(tf, logs, 0, VARIANCES), expected), -7, 7));
  const moves = tf.clipByValue(tf.div(returns, tf.add(tf.exp(tf.mul(expected, 0.5)), 1e-9)), -8, 8);

  // Half patches: [batch, 64, …].
  const minutes = tf.reshape(tf.concat([revin, tf.log1p(relative), moves], 2), [batch, HALVES, -1]);
  const realised = tf.log(tf.add(tf.mean(tf.reshape(relative, [batch, HALVES, STRIDE, VARIANCES]), 2), 1e-3));
  const moved = tf.div(tf.sum(tf.reshape(moves, [batch, HALVES, STRIDE]), 2, true), Math.sqrt(STRIDE));
  const half = tf.concat([minutes, realised, moved], 2);
  const size = half.shape[2] ?? 0;
  const [left, right] = [0, 1].map((at) => tf.slice(half, [0, at, 0], [batch, HALVES - 1, size]));
  // [batch, 63, width]
  let tokens = tf.add(
    linear(tf.concat([left as Tensor, right as Tensor], 2), weight, 'embed'),
    weight('place'),
  );
  for (let i = 0; i < layers; i++) tokens = block(tokens, weight, `blocks.${i}`, heads);
  tokens = layerNorm(tokens, weight, 'norm');

  const [, patches = 0, width = 0] = tokens.shape;
  const flat = (x: Tensor): Tensor => tf.reshape(x, [batch, -1]);
  const [windowMean, windowDeviation, move] = [flat(mean), flat(deviation), flat(moves)];
  const known = tf.concat(
    [
      flat(tf.slice(tokens, [0, patches - 1, 0], [batch, 1, width])),
      tf.mean(tokens, 1),
      tf.mul(tf.sub(columns(tf, windowMean, 0, VARIANCES), level), 0.5),
      tf.log(columns(tf, windowDeviation, 0, VARIANCES)),
      ...MOVES.map((span) =>
        tf.div(tf.sum(columns(tf, move, CONTEXT - span, span), 1, true), Math.sqrt(span)),
      ),
      tf.sub(level, CENTRE),
      tf.sub(columns(tf, harx, 0, 3), level),
      tf.sub(season, columns(tf, windowMean, 2, 1)),
      tfjsClock(tf, minuteOfWeek),
      inputs,
    ],
    1,
  );
  return tf.add(weight('constant'), linear(gelu(linear(known, weight, 'hidden')), weight, 'head'));
}

function input(tf: Tfjs, name: string, given: InferenceInput | undefined, sizes: readonly number[]): Tensor {
  const { data = [], dims = [] } = given ?? {};
  const [batch = 0, ...rest] = dims;
  const must = sizes.reduce((product, size) => product * size, batch);
  if (!(batch > 0) || rest.join() !== sizes.join() || data.length !== must)
    throw new Error(
      `patchtst: ${name} must be [batch, ${sizes.join(', ')}] with as many values, was [${dims.join(', ')}] with ${data.length}`,
    );
  return tf.tensor(data, [...dims], 'float32');
}

/**
 * PatchTST from its weights (`patchtst.safetensors`) in TensorFlow.js: the same graph that ONNX Runtime
 * loads, written as operations. Inputs are `window` [batch, 512, 4] and `statics` [batch, 9 + inputs]; the
 * output is `residual` [batch, 4], the mean over seeds. Rejects with one sentence for weights of another
 * model.
 */
export async function openTfjs(bytes: Uint8Array, tf: Tfjs): Promise<InferenceModel> {
  const { heads, inputs, seeds } = readPatchtstWeights(bytes);
  await tf.ready();
  const members = seeds.map((own) => {
    const weights = new Map([...own].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]));
    const layers = [...own.keys()].filter((name) => name.endsWith('.qkv.bias')).length;
    return { weights, layers };
  });
  return {
    inputs: ['window', 'statics'],
    outputs: ['residual'],
    run: async (feeds) => {
      const residual = tf.tidy(() => {
        const window = input(tf, 'window', feeds['window'], [CONTEXT, CHANNELS]);
        const statics = input(tf, 'statics', feeds['statics'], [STATICS + inputs]);
        const outputs = members.map(({ weights, layers }) =>
          forward(tf, (name) => weights.get(name) as Tensor, { layers, heads }, window, statics),
        );
        return tf.mean(tf.stack(outputs), 0);
      });
      try {
        return { residual: (await residual.data()) as Float32Array };
      } finally {
        residual.dispose();
      }
    },
    close: async () => {
      for (const { weights } of members) for (const tensor of weights.values()) tensor.dispose();
    },
  };
}
