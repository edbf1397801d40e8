import { z } from 'zod';
import { emulatorSettings } from '../emulator/settings.ts';
import { executionSettings } from '../execution/settings.ts';
import { forecastSettings } from '../forecast/settings.ts';
import { pricingSettings } from '../pricing/settings.ts';
import { riskSettings } from '../risk/settings.ts';
import { telemetrySettings } from '../telemetry/settings.ts';
import { coinbaseSettings } from '../venues/coinbase/settings.ts';
import { kalshiSettings } from '../venues/kalshi/settings.ts';
import { krakenSettings } from '../venues/kraken/settings.ts';
import { assetsSetting } from './assets.ts';

/** One configuration, made of each room's own. Every key has a default; a key nobody knows is refused. */
export const settingsSchema = z.strictObject({
  /** Printed in every summary beside the numbers it led to. */
  label: z.string().default('default'),
  assets: assetsSetting,
  kraken: krakenSettings.prefault({}),
  kalshi: kalshiSettings.prefault({}),
  coinbase: coinbaseSettings.prefault({}),
  forecast: forecastSettings.prefault({}),
  pricing: pricingSettings.prefault({}),
  risk: riskSettings.prefault({}),
  execution: executionSettings.prefault({}),
  emulator: emulatorSettings.prefault({}),
  telemetry: telemetrySettings.prefault({}),
  backtest: z
    .strictObject({
      /** One-minute bars that warm the forecast, and settlements for tapes without the index, unless the command line names others. */
      history: z.string().optional(),
      settled: z.string().optional(),
    })
    .prefault({}),
});

/** The whole configuration, defaults filled in. */
export type Settings = z.infer<typeof settingsSchema>;
