import { treeSet } from '../features/tree-set.ts';
import type { InferenceModel } from './inference-model.ts';
import type { Member, MemberInput, Quantiles } from './member.ts';
import { MEMBER_MINUTES } from './models-manifest.ts';

type Read = (input: MemberInput) => number;

const plainInput = (name: string): Read | undefined => {
  const index = treeSet.findIndex((feature) => feature.name === name);
  if (index >= 0) return ({ inputs }) => inputs[index] as number;
  const [, kind, minutes] = /^(harx|season)(\d+)$/.exec(name) ?? [];
  const h = MEMBER_MINUTES.findIndex((each) => String(each) === minutes);
  if (h < 0) return undefined;
  if (kind === 'harx') return ({ harX }) => harX[h] as number;
  return ({ seasonAhead, seasonBehind }) => (seasonAhead[h] as number) - seasonBehind;
};

/**
 * How an input of the trees is read: one of the features of bars by its name, one that the backbone makes (`harx15`, `season15`: the season of the window ahead less that of
 * the last hour), or the difference of two of them (`rv15-harx60`). Undefined for a name that is none.
 */
export function treeInput(name: string): Read | undefined {
  const [left = '', right, ...rest] = name.split('-');
  const a = plainInput(left);
  if (right === undefined) return a;
  const b = plainInput(right);
  return a && b && rest.length === 0 ? (input) => a(input) - b(input) : undefined;
}

/** Pairs of low and high apart. */
function quantilesOf(pairs: Float32Array): Quantiles {
  const low = new Float64Array(Math.ceil(pairs.length / 2));
  const high = new Float64Array(Math.floor(pairs.length / 2));
  for (let i = 0; i < pairs.length; i++) (i % 2 === 0 ? low : high)[i >> 1] = pairs[i] as number;
  return { low, high };
}

/**
 * LightGBM's trees as one ONNX graph: float32 `features` [1, n] in, `corrections` [1, 4] and, if it has them, `quantiles` [1, 8] (low5, high5, low15, …) out.
 * Trees take NaN as they were trained to. Throws for a feature that this build does not have.
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
