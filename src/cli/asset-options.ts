import { Option } from 'commander';
import { chooseAssets } from '../config/choose-assets.ts';
import type { Settings } from '../config/settings.ts';
import { existingFile } from './existing-file.ts';
import { UsageError } from './usage.ts';

/** A file that an option names for one asset; an undefined `asset` means the first one. */
export interface AssetFile {
  readonly asset: string | undefined;
  readonly path: string;
}

/** `--assets BTC,ETH`. */
export const assetsOption = (): Option =>
  new Option(
    '--assets <names>',
    'assets to follow, such as BTC,ETH (default: those of the configuration)',
  ).argParser((text) => text.split(','));

/**
 * The settings with the assets that `--assets` names, if it was given. Throws UsageError for an unknown name.
 */
export function withChosenAssets(settings: Settings, names: readonly string[] | undefined): Settings {
  if (names === undefined) return settings;
  try {
    return chooseAssets(settings, names);
  } catch (cause) {
    throw new UsageError((cause as Error).message);
  }
}

/** Commander parser of `PATH` or `ASSET=PATH`, repeatable; the path must exist. */
export const collectAssetFiles = (text: string, before: readonly AssetFile[] = []): readonly AssetFile[] => {
  const named = /^([A-Z0-9]{1,10})=(.+)$/.exec(text);
  return [...before, { asset: named?.[1], path: existingFile(named?.[2] ?? text) }];
};

/** The files with their assets' names. Throws UsageError if an asset is not followed or is named twice. */
export function filesByAsset(
  option: string,
  files: readonly AssetFile[],
  settings: Settings,
): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const { asset, path } of files) {
    const name = asset ?? settings.assets[0]?.name ?? '';
    if (!settings.assets.some((each) => each.name === name))
      throw new UsageError(
        `${option}: ${name} is not followed, only ${settings.assets.map((each) => each.name).join(', ')}; name it with --assets`,
      );
    if (paths.has(name))
      throw new UsageError(`${option}: ${name} may have one file, was given another: ${path}`);
    paths.set(name, path);
  }
  return paths;
}
