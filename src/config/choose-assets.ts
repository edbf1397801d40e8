import type { Asset } from '../domain/asset.ts';
import { assetNamed, knownAssets } from './assets.ts';
import type { Settings } from './settings.ts';

/**
 * The settings with only the assets of these names, in this order. Each is taken from the configuration, else
 * from the known assets. Throws one sentence for an unknown name.
 */
export function chooseAssets(settings: Settings, names: readonly string[]): Settings {
  const chosen = names.map((name): Asset => {
    const asset = assetNamed(settings.assets, name);
    if (!asset)
      throw new RangeError(
        `assets: there is no ${name}; known are ${knownAssets.join(', ')}, others are written out in the configuration`,
      );
    return asset;
  });
  if (new Set(names).size !== names.length)
    throw new RangeError(`assets: each may be named once, was ${names.join(',')}`);
  return { ...settings, assets: chosen };
}
