import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Asset } from '../../src/domain/asset.ts';
import type { Micros } from '../../src/domain/time.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import type { ModelIdentity } from '../run/keep-models.ts';
import { isShipped, modelFile } from './model-file.ts';
import { type ForecasterChoice, openForecaster } from './open-forecaster.ts';

/** The forecasters of all assets. */
export interface Forecasters {
  readonly of: (asset: string) => Forecaster;
  /** One line an asset: which models are used, and why not others. */
  readonly describe: readonly string[];
  /** What a recording keeps of them, without the folders of this machine. */
  readonly identities: readonly ModelIdentity[];
}

/** Of the file itself, in hex; empty for one that cannot be read, where the fallback forecasts. */
const sha256Of = (models: string): string => {
  try {
    return createHash('sha256')
      .update(readFileSync(modelFile(models).path))
      .digest('hex');
  } catch {
    return '';
  }
};

/** Opens the forecaster of each asset as of `at`. Rejects with one sentence if one cannot be opened. */
export async function openForecasters(
  assets: readonly Asset[],
  { runtime, fallback }: Pick<ForecasterChoice, 'runtime' | 'fallback'>,
  at: Micros,
): Promise<Forecasters> {
  const byName = new Map<string, Forecaster>();
  for (const asset of assets) byName.set(asset.name, await openForecaster(asset, { runtime, fallback }, at));
  return {
    of: (asset) => {
      const forecaster = byName.get(asset);
      if (!forecaster) throw new RangeError(`forecasters: there is none of ${asset}`);
      return forecaster;
    },
    identities: assets.map(({ name, models = '' }) => ({
      asset: name,
      named: isShipped(models) ? models : basename(models),
      sha256: sha256Of(models),
      // The reason of a fallback may name a folder of this machine.
      describe: (byName.get(name)?.describe ?? '').replace(/^(FALLBACK[^:]*):.*$/s, '$1'),
      runtime: runtime ?? 'onnx',
      fallback: fallback ?? false,
    })),
    describe: [...byName].map(([asset, { describe }]) => `${asset}: ${describe}`),
  };
}
