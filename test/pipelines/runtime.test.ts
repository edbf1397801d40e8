import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { from, lastValueFrom, toArray } from 'rxjs';
import { loadModels, openFold } from '../../pipelines/load/load-models.ts';
import { openForecaster } from '../../pipelines/load/open-forecaster.ts';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import { MILLISECOND, MINUTE } from '../../src/domain/time.ts';
import { CHANNELS } from '../../src/features/minute/minute-channels.ts';
import type { ModelFold } from '../../src/forecast/members/models-manifest.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { handRow } from '../forecast/hand-models.ts';
import { BTC } from '../support/btc.ts';
import { random } from '../support/random.ts';
import { tfjsCpu } from '../support/tfjs-cpu.ts';

// Plain JavaScript takes tens of milliseconds a row and seed, more on a busy machine.
const shipped = loadModels();
const newest = shipped.models.folds.at(-1) as ModelFold;
const START = Date.parse(newest.trainedUntil) * MILLISECOND;
const tfjs = async () => tfjsCpu;
const never = async () => {
  throw new Error('runtime.test: TensorFlow.js must not be asked for');
};
const open = (fold: ModelFold) => openFold(shipped, fold, { runtime: 'tfjs', tfjs });

/** Rows of five minutes each, with windows of a level that the backbone is near. */
const { normal } = random(11);
const rows = Array.from({ length: 6 }, (_, i) => {
  const row = handRow(START + (i + 1) * 5 * MINUTE, () => -16 + 0.2 * normal());
  for (let minute = 0; minute < row.window.length; minute += CHANNELS.length) {
    const move = Math.exp(-8) * normal();
    row.window.set([Math.log(move * move + 1e-9), -16 + 0.7 * normal(), move], minute);
  }
  return row;
});
async function forecastsOf({ forecasts }: Forecaster): Promise<readonly Forecast[]> {
  const clock = tapeScheduler(START);
  const all = lastValueFrom(from(rows).pipe(forecasts(clock), toArray()));
  await clock.settle();
  return all;
}

const logs = ({ horizons }: Forecast) => horizons.map(({ logVariance }) => logVariance);

describe('--runtime', () => {
  test('forecasts on TensorFlow.js are those on ONNX Runtime to 1e-5, and say what they were made on', async () => {
    const onnx = await openForecaster(BTC, {}, START, never);
    const other = await openForecaster(BTC, { runtime: 'tfjs' }, START, tfjs);
    expect(onnx.describe).toMatch(/, on ONNX Runtime$/);
    expect(other.describe).toMatch(/, PatchTST on TensorFlow\.js, the trees on ONNX Runtime$/);
    const [expected, found] = [await forecastsOf(onnx), await forecastsOf(other)];
    expect(found).toHaveLength(rows.length);
    for (const [i, forecast] of found.entries()) {
      expect(forecast.model).toBe('ensemble');
      const must = logs(expected[i] as Forecast);
      const off = logs(forecast).map((log, h) => Math.abs(log - (must[h] ?? Number.NaN)));
      expect(off).toHaveLength(must.length);
      expect(Math.max(...off)).toBeLessThan(1e-5);
    }
    // Else both ran on the same.
    expect(found.map(logs)).not.toEqual(expected.map(logs));
  });

  test('ONNX Runtime named is ONNX Runtime unnamed', async () => {
    const named = await openForecaster(BTC, { runtime: 'onnx' }, START, never);
    const unnamed = await openForecaster(BTC, {}, START, never);
    expect((await forecastsOf(named)).map(logs)).toEqual((await forecastsOf(unnamed)).map(logs));
  });

  test('weights serve without their ONNX graph, and closing the fold gives them back', async () => {
    const { patchtst: _, ...fold } = newest;
    const before = tfjsCpu.memory().numTensors;
    const { members, close } = await open(fold);
    expect(members.map(({ name }) => name)).toEqual(['lightgbm', 'patchtst']);
    expect(tfjsCpu.memory().numTensors).toBeGreaterThan(before);
    await close();
    expect(tfjsCpu.memory().numTensors).toBe(before);
  });

  test('a fold without weights is refused by its name, and not run on something else', async () => {
    const { patchtstWeights: _, ...fold } = newest;
    await expect(open(fold)).rejects.toThrow(
      `models: --runtime tfjs needs patchtstWeights in the manifest, and fold ${newest.name} has none; train again, or leave --runtime away`,
    );
  });

  test('weights that are not the file that was meant, or not weights, are refused by their path', async () => {
    const { file = '' } = newest.patchtstWeights ?? {};
    await expect(open({ ...newest, patchtstWeights: { file, sha256: 'f'.repeat(64) } })).rejects.toThrow(
      `${file} is not the file that the manifest means: its sha256 must be ${'f'.repeat(64)}, was `,
    );
    await expect(open({ ...newest, patchtstWeights: newest.backbone })).rejects.toThrow(
      /^models: .*backbone\.json does not load \(safetensors: the header must end inside .*\); train again, or run with --fallback$/,
    );
    expect(readFileSync(`${shipped.folder}/${file}`).length).toBeGreaterThan(100_000);
  });

  test('without the package it is refused, or falls back where that was asked for, with the reason', async () => {
    const absent = async () => {
      throw new Error('models: --runtime tfjs needs @tensorflow/tfjs-node');
    };
    await expect(openForecaster(BTC, { runtime: 'tfjs' }, START, absent)).rejects.toThrow(
      '--runtime tfjs needs',
    );
    const forecaster = await openForecaster(BTC, { runtime: 'tfjs', fallback: true }, START, absent);
    expect(forecaster.describe).toMatch(/^FALLBACK .*--runtime tfjs needs @tensorflow\/tfjs-node$/);
  });
});
