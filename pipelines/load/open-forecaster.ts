import type { Micros } from '../../src/domain/time.ts';
import { backboneForecaster, ensembleForecaster, type Forecaster } from '../../src/forecast/forecaster.ts';
import type { Tfjs } from '../../src/forecast/load-tfjs.ts';
import { foldAt } from '../../src/forecast/models-manifest.ts';
import type { Runtime } from '../../src/forecast/runtime.ts';
import { loadBackbone } from './load-backbone.ts';
import { loadModels, openFold } from './load-models.ts';

/** Which models a lane was asked to use. */
export interface ForecasterChoice {
  /** A backbone to forecast with alone. */
  readonly model?: string | undefined;
  /** A manifest of trained models; the shipped one when absent. */
  readonly models?: string | undefined;
  /** What PatchTST runs on; ONNX Runtime when absent. */
  readonly runtime?: Runtime | undefined;
  /** True runs on the shipped backbone where the trained models cannot be used, and says so. */
  readonly fallback?: boolean | undefined;
}

const SAID: Readonly<Record<Runtime, string>> = {
  onnx: 'on ONNX Runtime',
  tfjs: 'PatchTST on TensorFlow.js, the trees on ONNX Runtime',
};

/**
 * Opens what a lane forecasts with. Trained models are those of the newest fold that has seen nothing after `at`: a replay of the past is not judged by models
 * that know it. Rejects with the reason where they are missing, corrupt or from another build; with `fallback` that reason goes into every forecast instead.
 * `tfjs` is how TensorFlow.js is got.
 */
export async function openForecaster(
  { model, models, runtime = 'onnx', fallback = false }: ForecasterChoice,
  at: Micros,
  tfjs?: () => Promise<Tfjs>,
): Promise<Forecaster> {
  if (model !== undefined) return backboneForecaster(loadBackbone(model));
  try {
    const found = loadModels(models);
    const fold = foldAt(found.models, at);
    if (!fold)
      throw new Error(
        `models: every fold has seen data after ${new Date(at / 1_000).toISOString()}, so it cannot be judged there; train one until then, choose --model, or run with --fallback`,
      );
    const { backbone, members } = await openFold(found, fold, { runtime, ...(tfjs && { tfjs }) });
    const forecaster = ensembleForecaster(found.models, fold, backbone, members);
    return { ...forecaster, describe: `${forecaster.describe}, ${SAID[runtime]}` };
  } catch (cause) {
    if (!fallback) throw cause;
    return backboneForecaster(loadBackbone(), cause instanceof Error ? cause.message : String(cause));
  }
}
