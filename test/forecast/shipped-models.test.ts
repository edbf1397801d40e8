import { readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadModels, openFold } from '../../pipelines/load/load-models.ts';
import { openOnnx } from '../../src/forecast/members/onnx-model.ts';

interface Trees {
  readonly rows: readonly (readonly (number | null)[])[];
  readonly expected: readonly (readonly number[])[];
}
interface Golden {
  readonly corrections: Trees;
  readonly quantiles: Trees;
  readonly patchtst: {
    readonly windows: readonly (readonly number[])[];
    readonly statics: readonly (readonly (number | null)[])[];
    readonly expected: readonly (readonly number[])[];
  };
}

const PARITY = 1e-5;
const shipped = loadModels();
const { folds, features, channels } = shipped.models;
const bytesOf = (file: string): Buffer => readFileSync(`${shipped.folder}/${file}`);
const worst = (found: ArrayLike<number> | undefined, expected: readonly number[]): number => {
  expect(found?.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - (found?.[i] ?? Number.NaN))));
};

describe.each(folds.map((fold) => [fold.name, fold] as const))('the shipped fold %s', (name, fold) => {
  const golden = JSON.parse(bytesOf(`${name}/golden.json`).toString('utf8')) as Golden;

  test.each([
    ['corrections', golden.corrections],
    ['quantiles', golden.quantiles],
  ] as const)(
    'the trees’ %s are what LightGBM said in Python, on plain rows, on one without any value, and on rows at thresholds and a step beside them',
    async (output, { rows, expected }) => {
      const model = await openOnnx(bytesOf(fold.lightgbm.file));
      expect(rows.length).toBeGreaterThanOrEqual(40);
      for (const [i, row] of rows.entries()) {
        const data = Float32Array.from(row, (value) => value ?? Number.NaN);
        const answer = await model.run({ features: { data, dims: [1, features.length] } });
        expect(worst(answer[output], expected[i] ?? [])).toBeLessThanOrEqual(PARITY);
      }
      await model.close();
    },
  );

  test('PatchTST answers as it did in Python', async () => {
    if (!fold.patchtst) throw new Error(`${name} must ship patchtst`);
    const model = await openOnnx(bytesOf(fold.patchtst.file));
    const { windows, statics, expected } = golden.patchtst;
    for (const [i, window] of windows.entries()) {
      const answer = await model.run({
        window: { data: Float32Array.from(window), dims: [1, 512, channels.length] },
        statics: {
          data: Float32Array.from(statics[i] ?? [], (value) => value ?? Number.NaN),
          dims: [1, statics[i]?.length ?? 0],
        },
      });
      expect(worst(answer['residual'], expected[i] ?? [])).toBeLessThanOrEqual(PARITY);
    }
    await model.close();
  });

  test('opens, with its members in the order in which they are named', async () => {
    const opened = await openFold(shipped, fold);
    expect(opened.members.map((member) => member.name)).toEqual(['lightgbm', 'patchtst']);
    await opened.close();
  });
});

describe('the shipped models', () => {
  test('are under 15 MB together', () => {
    const files = folds.flatMap(({ name, backbone, lightgbm, patchtst, patchtstWeights }) => [
      ...[backbone, lightgbm, patchtst, patchtstWeights].flatMap((artefact) => artefact?.file ?? []),
      `${name}/golden.json`,
    ]);
    const bytes = ['manifest.json', 'backbone.json', ...files].reduce(
      (sum, file) => sum + statSync(`${shipped.folder}/${file}`).size,
      0,
    );
    expect(bytes).toBeLessThan(15e6);
  });

  test('have a fold that has seen nothing of the last three months before the newest fold', () => {
    const [holdOut, final] = folds.slice(-2).map(({ trainedUntil }) => Date.parse(trainedUntil));
    expect((final ?? 0) - (holdOut ?? 0)).toBeGreaterThan(80 * 86_400_000);
  });
});
