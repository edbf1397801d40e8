import { type Command, Option } from 'commander';
import type { Settings } from '../config/settings.ts';
import { RUNTIMES, type Runtime } from '../forecast/members/runtime.ts';
import { type AssetFile, collectAssetFiles, filesByAsset } from './asset-options.ts';

/** Which models to use, as flags. */
export interface ModelFlags {
  readonly model?: readonly AssetFile[];
  readonly models?: readonly AssetFile[];
  readonly runtime?: Runtime;
  readonly fallback?: boolean;
}

/**
 * `--runtime`. It is never chosen by what is installed: runtimes differ in the last digits of their answers,
 * and so a replay's decisions would differ.
 */
export const runtimeOption = (): Option =>
  new Option(
    '--runtime <name>',
    'what PatchTST runs on; tfjs needs @tensorflow/tfjs-node (default: onnx)',
  ).choices(RUNTIMES);

/** Adds `--model`, `--models`, `--runtime` and `--fallback` to a lane's command. */
export const addModelOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--model <[asset=]json>',
        'forecast with this backbone alone, without the trained models; repeatable',
      ).argParser(collectAssetFiles),
    )
    .addOption(
      new Option(
        '--models <[asset=]json>',
        'manifest of trained models (default: what the configuration names, else the shipped ones); repeatable',
      ).argParser(collectAssetFiles),
    )
    .addOption(runtimeOption().conflicts('model'))
    .addOption(
      new Option(
        '--fallback',
        'run on the shipped backbone where the trained models cannot be used; every decision says so',
      ),
    );

/**
 * The settings with the models that the flags name. They become the asset's own models, so that a recording
 * keeps them. Throws UsageError for files of assets that are not followed.
 */
export function withModels(settings: Settings, { model = [], models = [] }: ModelFlags): Settings {
  const paths = new Map([
    ...filesByAsset('--models', models, settings),
    ...filesByAsset('--model', model, settings),
  ]);
  return {
    ...settings,
    assets: settings.assets.map((asset) => ({ ...asset, models: paths.get(asset.name) ?? asset.models })),
  };
}
