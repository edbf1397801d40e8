import { describe, expect, test } from '@jest/globals';
import { treeSet } from '../../../src/features/sets/tree-set.ts';
import type { InferenceInput, InferenceModel } from '../../../src/forecast/members/inference-model.ts';
import { lightgbmMember } from '../../../src/forecast/members/lightgbm-member.ts';
import { openOnnx } from '../../../src/forecast/members/onnx-model.ts';
import { linearTrees } from './linear-graphs.ts';
import { INPUT, PLAIN } from './tree-inputs.ts';

/** A model that keeps what it is fed and answers `said`. */
const spy = (said: readonly number[], quantiles?: readonly number[]) => {
  const fed: Readonly<Record<string, InferenceInput>>[] = [];
  const model: InferenceModel = {
    inputs: ['features'],
    outputs: ['corrections'],
    run: async (feeds) => {
      fed.push(feeds);
      return {
        corrections: Float32Array.from(said),
        ...(quantiles && { quantiles: Float32Array.from(quantiles) }),
      };
    },
    close: async () => {},
  };
  return { fed, model };
};

describe('lightgbmMember', () => {
  test('feeds one float32 row in the order of the names, NaN and all, and answers with the four corrections', async () => {
    const { fed, model } = spy([0.5, -0.25, 0.125, 1, 99]);
    const member = lightgbmMember(model, ['season15', 'rv15-harx60', 'harx5', 'rv5']);
    const inputs = INPUT.inputs.map((value, i) => (treeSet[i]?.name === 'rv5' ? Number.NaN : value));
    const answer = await member.answer({ ...INPUT, inputs });
    expect(answer).toEqual({ corrections: Float64Array.of(0.5, -0.25, 0.125, 1) });
    const rv15 = PLAIN.get('rv15') ?? Number.NaN;
    expect(fed).toEqual([
      { features: { data: Float32Array.of(0.35, rv15 + 16.4, -16.1, Number.NaN), dims: [1, 4] } },
    ]);
  });

  test('it has read all it needs before it returns', async () => {
    const { fed, model } = spy([0, 0, 0, 0]);
    const harX = Float64Array.from(INPUT.harX);
    const answer = lightgbmMember(model, ['harx5']).answer({ ...INPUT, harX });
    harX.fill(0);
    await answer;
    expect(fed[0]?.['features']?.data).toEqual(Float32Array.of(-16.1));
  });

  test('quantiles come in pairs, the low one of a horizon before its high one', async () => {
    const { model } = spy([0, 0, 0, 0], [-1, 1, -2, 2, -3, 3, -4, 4]);
    const answer = await lightgbmMember(model, ['rv5']).answer(INPUT);
    expect(answer?.quantiles).toEqual({
      low: Float64Array.of(-1, -2, -3, -4),
      high: Float64Array.of(1, 2, 3, 4),
    });
  });

  test('a real graph of two heads gives what its numbers say, in one run', async () => {
    const mean = { picks: [0, 1, 0, 1], slopes: [1, 1, 0, -2], biases: [0, 1, 0.5, 0] };
    const ends = {
      picks: [0, 0, 0, 0, 0, 0, 1, 1],
      slopes: [0, 0, 0, 0, 1, 2, 1, 1],
      biases: [-1, 1, -2, 2, 0, 0, 0, 1],
    };
    const model = await openOnnx(linearTrees(2, mean, ends));
    const said = await lightgbmMember(model, ['season5', 'harx15']).answer(INPUT);
    const { low, high } = said?.quantiles ?? {};
    for (const [h, value] of [0.25, -15.2, 0.5, 32.4].entries())
      expect(said?.corrections[h]).toBeCloseTo(value, 5);
    for (const [h, value] of [-1, -2, 0.25, -16.2].entries()) expect(low?.[h]).toBeCloseTo(value, 5);
    for (const [h, value] of [1, 2, 0.5, -15.2].entries()) expect(high?.[h]).toBeCloseTo(value, 5);
    await model.close();
  });

  test('a feature that this build does not have is refused by name before anything is forecast', () => {
    expect(() => lightgbmMember(spy([]).model, ['rv15', 'moonPhase'])).toThrow(
      'lightgbm: this build has no feature moonPhase; train again',
    );
  });
});
