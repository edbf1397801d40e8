import type { Micros } from '../src/domain/time.ts';
import { backboneForecaster, ensembleForecaster, type Forecaster } from '../src/forecast/forecaster.ts';
import { foldAt } from '../src/forecast/models-manifest.ts';
import { loadBackbone } from './load-backbone.ts';
import { loadModels, openFold } from './load-models.ts';

/** Which models a lane was asked to use. */
export interface ForecasterChoice {
  /** A backbone to forecast with alone. */
  readonly model?: string | undefined;
  /** A manifest of trained models; the shipped one when absent. */
  readonly models?: string | undefined;
  /** True runs on the shipped backbone where the trained models cannot be used, and says so. */
  readonly fallback?: boolean | undefined;
}

/**
 * Opens what a lane forecasts with. Trained models are those of the newest fold that has seen nothing after `at`: a replay of the past is not judged by models
 * that know it. Rejects with the reason where they are missing, corrupt or from another build; with `fallback` that reason goes into every forecast instead.
 */
export async function openForecaster(
  { model, models, fallback = false }: ForecasterChoice,
  at: Micros,
): Promise<Forecaster> {
  if (model !== undefined) return backboneForecaster(loadBackbone(model));
  try {
    const found = loadModels(models);
    const fold = foldAt(found.models, at);
    if (!fold)
      throw new Error(
        `models: every fold has seen data after ${new Date(at / 1_000).toISOString()}, so it cannot be judged there; train one until then, choose --model, or run with --fallback`,
      );
    const { backbone, members } = await openFold(found, fold);
    return ensembleForecaster(found.models, fold, backbone, members);
  } catch (cause) {
    if (!fallback) throw cause;
    return backboneForecaster(loadBackbone(), cause instanceof Error ? cause.message : String(cause));
  }
}
