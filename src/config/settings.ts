import { z } from 'zod';
import { emulatorSettings } from '../emulator/settings.ts';
import { executionSettings } from '../execution/settings.ts';
import { forecastSettings } from '../forecast/settings.ts';
import { pricingSettings } from '../pricing/settings.ts';
import { riskSettings } from '../risk/settings.ts';
import { notifySettings } from '../telemetry/notify/settings.ts';
import { telemetrySettings } from '../telemetry/settings.ts';
import { kalshiSettings } from '../venues/kalshi/settings.ts';
import { assetsSetting, firstAsset } from './assets.ts';
import { withAssets } from './earlier-keys.ts';
import { spotSettingsShape } from './venues.ts';

/**
 * The configuration, composed of the settings of each room. Every key has a default; an unknown key is
 * refused.
 */
export const settingsObject = z.strictObject({
  label: z
    .string()
    .default('default')
    .describe('Name of the configuration. It is printed in every summary beside the numbers it led to.'),
  assets: assetsSetting,
  ...spotSettingsShape,
  kalshi: kalshiSettings.prefault({}),
  forecast: forecastSettings.prefault({}),
  pricing: pricingSettings.prefault({}),
  risk: riskSettings.prefault({}),
  execution: executionSettings.prefault({}),
  emulator: emulatorSettings.prefault({}),
  telemetry: telemetrySettings.prefault({}),
  notify: notifySettings.prefault({}),
  backtest: z
    .strictObject({
      history: z
        .string()
        .optional()
        .describe('File of one-minute bars that warm the forecast. `--history` stands above it.'),
      settled: z
        .string()
        .optional()
        .describe('File of settlements, for tapes without the index. `--settled` stands above it.'),
    })
    .prefault({})
    .describe('Files that a backtest reads beside its tapes.'),
});

/** The schema of configuration files, those of earlier releases included. */
export const settingsSchema = z.preprocess((raw) => withAssets(raw, firstAsset), settingsObject);

/** The whole configuration, defaults filled in. */
export type Settings = z.infer<typeof settingsObject>;
