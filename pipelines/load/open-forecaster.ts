import type { Asset } from '../../src/domain/asset.ts';
import type { Micros } from '../../src/domain/time.ts';
import type { Backbone } from '../../src/forecast/backbone/backbone.ts';
import type { Tfjs } from '../../src/forecast/members/load-tfjs.ts';
import { foldAt } from '../../src/forecast/members/models-manifest.ts';
import type { Runtime } from '../../src/forecast/members/runtime.ts';
import {
  backboneForecaster,
  ensembleForecaster,
  type Forecaster,
} from '../../src/forecast/serve/forecaster.ts';
import { loadBackbone } from './load-backbone.ts';
import { loadModels, openFold } from './load-models.ts';
import { isShipped, labelOf } from './model-file.ts';

/** The models to forecast an asset with, in place of its own. */
export interface ForecasterChoice {
  /** A backbone that forecasts alone. */
  readonly model?: string | undefined;
  /** A manifest of trained models. */
  readonly models?: string | undefined;
  /** The runtime of PatchTST; ONNX Runtime when absent. */
  readonly runtime?: Runtime | undefined;
  /**
   * True falls back to the asset's shipped backbone if the models cannot be used; forecasts then state it.
   */
  readonly fallback?: boolean | undefined;
}

/** What a forecaster is opened from: the asset's name, and the file of its models. */
export type Forecasted = Pick<Asset, 'name' | 'models'>;

const SAID: Readonly<Record<Runtime, string>> = {
  onnx: 'on ONNX Runtime',
  tfjs: 'PatchTST on TensorFlow.js, the trees on ONNX Runtime',
};

/** The shipped backbone of the asset: the one that its configuration names, else the package's default. */
function shippedBackbone({ name, models }: Forecasted): Backbone | undefined {
  const own = [...(models !== undefined && isShipped(models) ? [models] : []), 'shipped:backbone.json'].find(
    (named) => {
      const label = labelOf(named);
      return label?.kind === 'backbone' && label.asset === name;
    },
  );
  return own === undefined ? undefined : loadBackbone(own, name);
}

/** The ensemble of a manifest, with the newest fold whose training data end before `at`. */
async function openEnsemble(
  manifest: string,
  asset: string,
  at: Micros,
  runtime: Runtime,
  tfjs: (() => Promise<Tfjs>) | undefined,
): Promise<Forecaster> {
  const found = loadModels(manifest, asset);
  const fold = foldAt(found.models, at);
  if (!fold)
    throw new Error(
      `models: every fold has seen data after ${new Date(at / 1_000).toISOString()}, so it cannot be judged there; train one until then, choose --model, or run with --fallback`,
    );
  const { backbone, members } = await openFold(found, fold, { runtime, ...(tfjs && { tfjs }) });
  const forecaster = ensembleForecaster(found.models, fold, backbone, members);
  return { ...forecaster, describe: `${forecaster.describe}, ${SAID[runtime]}` };
}

/**
 * Opens the forecaster of an asset from the chosen models, else from the asset's own. The file's own `kind`
 * decides: a manifest opens the ensemble, a backbone opens the backbone alone. Trained models come from the
 * newest fold whose training data end before `at`, so that a replay of the past does not use models that know
 * it. Rejects with the reason if the models are missing, corrupt, of another asset or from another build, or
 * if no fold is old enough. With `fallback` the shipped backbone forecasts instead, and every forecast
 * carries that reason. `tfjs` loads TensorFlow.js.
 */
export async function openForecaster(
  asset: Forecasted,
  { model, models, runtime = 'onnx', fallback = false }: ForecasterChoice,
  at: Micros,
  tfjs?: () => Promise<Tfjs>,
): Promise<Forecaster> {
  if (model !== undefined) return backboneForecaster(loadBackbone(model, asset.name));
  try {
    const named = models ?? asset.models;
    if (named === undefined)
      throw new Error(
        `models: ${asset.name} has none; fit a backbone with: voltage fit-backbone --asset ${asset.name} --bars CSV, and name it in its asset's models`,
      );
    if (labelOf(named)?.kind === 'backbone') return backboneForecaster(loadBackbone(named, asset.name));
    return await openEnsemble(named, asset.name, at, runtime, tfjs);
  } catch (cause) {
    if (!fallback) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const backbone = shippedBackbone(asset);
    if (!backbone) throw new Error(`${why}; --fallback finds no shipped backbone of ${asset.name} either`);
    return backboneForecaster(backbone, why);
  }
}
