import type { InferenceModel } from './inference-model.ts';
import type { Member, Quantiles } from './member.ts';
import { MEMBER_MINUTES } from './models-manifest.ts';
import { type Read, treeInput } from './tree-input.ts';

/** Separates pairs of low and high. */
function quantilesOf(pairs: Float32Array): Quantiles {
  const low = new Float64Array(Math.ceil(pairs.length / 2));
  const high = new Float64Array(Math.floor(pairs.length / 2));
  for (let i = 0; i < pairs.length; i++) (i % 2 === 0 ? low : high)[i >> 1] = pairs[i] as number;
  return { low, high };
}

/**
 * LightGBM's trees as one ONNX graph: the input is float32 `features` [1, n]; the outputs are `corrections`
 * [1, 4] and, if it has them, `quantiles` [1, 8] (low5, high5, low15, …). The trees were trained with NaN and
 * accept it. Throws for a feature that this build does not have.
 */
export function lightgbmMember(model: InferenceModel, features: readonly string[]): Member {
  const reads = features.map((name) => {
    const read = treeInput(name);
    if (!read) throw new Error(`lightgbm: this build has no feature ${name}; train again`);
    return read;
  });
  const [input = ''] = model.inputs;
  return {
    name: 'lightgbm',
    answer: async (at) => {
      const data = new Float32Array(reads.length);
      for (let i = 0; i < reads.length; i++) data[i] = (reads[i] as Read)(at);
      const { corrections, quantiles } = await model.run({ [input]: { data, dims: [1, reads.length] } });
      return {
        corrections: new Float64Array(corrections?.subarray(0, MEMBER_MINUTES.length) ?? []),
        ...(quantiles && { quantiles: quantilesOf(quantiles) }),
      };
    },
  };
}
