import { describe, expect, test } from '@jest/globals';
import { openOnnx } from '../../../src/forecast/members/onnx-model.ts';
import { linearSequence, linearTrees } from './linear-graphs.ts';

const trees = () =>
  openOnnx(linearTrees(3, { picks: [2, 1, 0, 0], slopes: [2, 1, 0.5, 0], biases: [0, 1, 0, -3] }));

describe('openOnnx', () => {
  test('runs a row through the graph and names its ends', async () => {
    const model = await trees();
    expect(model.inputs).toEqual(['features']);
    expect(model.outputs).toEqual(['corrections']);
    const answer = await model.run({ features: { data: Float32Array.of(8, 4, 2), dims: [1, 3] } });
    expect([...(answer['corrections'] ?? [])]).toEqual([4, 5, 4, -3]);
    await model.close();
  });

  test('an answer is not overwritten by the next', async () => {
    const model = await trees();
    const at = (value: number) =>
      model.run({ features: { data: new Float32Array(3).fill(value), dims: [1, 3] } });
    const first = await at(1);
    await at(100);
    expect([...(first['corrections'] ?? [])]).toEqual([2, 2, 0.5, -3]);
    await model.close();
  });

  test('two inputs are told apart by name', async () => {
    const model = await openOnnx(
      linearSequence(1, { picks: [511, 512, 0, 520], slopes: [1, 1, 1, 1], biases: [0, 0, 0, 0] }),
    );
    const answer = await model.run({
      statics: { data: Float32Array.from([10, 11, 12, 13, 14, 15, 16, 17, 18]), dims: [1, 9] },
      window: { data: Float32Array.from({ length: 512 }, (_, i) => i), dims: [1, 512, 1] },
    });
    expect([...(answer['residual'] ?? [])]).toEqual([511, 10, 0, 18]);
    await model.close();
  });

  test('an input of another width rejects, and so do bytes that are no graph', async () => {
    const model = await trees();
    await expect(model.run({ features: { data: new Float32Array(2), dims: [1, 2] } })).rejects.toThrow(
      /dimension/i,
    );
    await expect(model.run({ other: { data: new Float32Array(3), dims: [1, 3] } })).rejects.toThrow(
      /features/,
    );
    await model.close();
    await expect(openOnnx(Buffer.from('no graph'))).rejects.toThrow(/protobuf/i);
  });
});
