import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tfjs } from './load-tfjs.ts';

/** A weight by its name; the model's names are checked when it is opened. */
export type Weight = (name: string) => Tensor;

/** Layers as torch defines them. Each reads its weights by name. */
export interface Layers {
  /** [..., inputs] to [..., outputs]. */
  readonly linear: (x: Tensor, weight: Weight, name: string) => Tensor;
  readonly layerNorm: (x: Tensor, weight: Weight, name: string) => Tensor;
  /** GELU in its exact form, by the error function. */
  readonly gelu: (x: Tensor) => Tensor;
  /**
   * Pre-norm encoder block: self-attention, then a feed-forward net of twice the width; [batch, patches,
   * width] to the same.
   */
  readonly block: (tokens: Tensor, weight: Weight, name: string, heads: number) => Tensor;
}

/** torch's default. */
const NORM_EPSILON = 1e-5;

/**
 * The layers of PatchTST in TensorFlow.js; `Block` of `models/training/patchtst_model.py`. Call them inside
 * `tf.tidy`.
 */
export function tfjsLayers(tf: Tfjs): Layers {
  const linear: Layers['linear'] = (x, weight, name) => {
    const matrix = weight(`${name}.weight`);
    const [outputs = 0, inputs = 0] = matrix.shape;
    const product = tf.matMul(tf.reshape(x, [-1, inputs]), matrix, false, true);
    return tf.reshape(tf.add(product, weight(`${name}.bias`)), [...x.shape.slice(0, -1), outputs]);
  };
  const layerNorm: Layers['layerNorm'] = (x, weight, name) => {
    const { mean, variance } = tf.moments(x, -1, true);
    const standard = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, NORM_EPSILON)));
    return tf.add(tf.mul(standard, weight(`${name}.weight`)), weight(`${name}.bias`));
  };
  const gelu: Layers['gelu'] = (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
  const attention: Layers['block'] = (tokens, weight, name, heads) => {
    const [batch = 0, patches = 0, width = 0] = tokens.shape;
    const size = width / heads;
    const split = tf.reshape(linear(tokens, weight, `${name}.qkv`), [batch, patches, 3, heads, size]);
    // Each has shape [batch, heads, patches, size].
    const [query, key, value] = tf.unstack(tf.transpose(split, [2, 0, 3, 1, 4])) as [Tensor, Tensor, Tensor];
    const scores = tf.softmax(tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(size)));
    const mixed = tf.transpose(tf.matMul(scores, value), [0, 2, 1, 3]);
    return linear(tf.reshape(mixed, [batch, patches, width]), weight, `${name}.out`);
  };
  return {
    linear,
    layerNorm,
    gelu,
    block: (tokens, weight, name, heads) => {
      const normed = layerNorm(tokens, weight, `${name}.norm_attention`);
      const mixed = tf.add(tokens, attention(normed, weight, name, heads));
      const wide = linear(layerNorm(mixed, weight, `${name}.norm_feed`), weight, `${name}.widen`);
      return tf.add(mixed, linear(gelu(wide), weight, `${name}.narrow`));
    },
  };
}
