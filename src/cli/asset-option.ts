import { Option } from 'commander';
import { assetNamed, knownAssets } from '../config/assets.ts';
import type { Settings } from '../config/settings.ts';
import type { Asset } from '../domain/asset.ts';
import { UsageError } from './usage.ts';

/** `--asset`, for commands about one asset. */
export const assetOption = (): Option =>
  new Option('--asset <name>', 'asset that the bars are of (default: the first that is configured)');

/** The asset that a command is about. Throws UsageError for a name that is neither configured nor known. */
export function chosenAsset({ assets }: Pick<Settings, 'assets'>, name: string | undefined): Asset {
  const asset = assetNamed(assets, name);
  if (asset) return asset;
  const names = [...new Set([...assets.map((each) => each.name), ...knownAssets])];
  throw new UsageError(
    `--asset must be one of ${names.join(', ')}, or one of the configuration, was ${name}`,
  );
}
