import type { Asset } from '../../src/domain/asset.ts';
import type { Micros } from '../../src/domain/time.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import { type ForecasterChoice, openForecaster } from './open-forecaster.ts';

/** The forecasters of all assets. */
export interface Forecasters {
  readonly of: (asset: string) => Forecaster;
  /** One line an asset: which models are used, and why not others. */
  readonly describe: readonly string[];
}

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
    describe: [...byName].map(([asset, { describe }]) => `${asset}: ${describe}`),
  };
}
