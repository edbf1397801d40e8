import { type Settings, settingsSchema } from './settings.ts';

/**
 * Settings of a demo without a configuration. Emulated makers quote from a volatility that is wrong by
 * `impliedNoise`, so the model has an edge there that it has not shown in the real market. The defaults hold
 * what was measured in the real market; with them the demo would rightly trade nothing for an hour. So the
 * demo gives the model more weight, and keeps orders small.
 */
export const demoSettings: Settings = settingsSchema.parse({
  label: 'demo',
  pricing: {
    edge: { blend: { marketWeight: 0.65, modelWeight: 0.35, modelWeightError: 0.05 } },
    sizing: { maxOrderCount: 500 },
  },
  risk: { orderCooldownMicros: 30_000_000 },
  // The shipped models of Bitcoin are about right in this market (docs/decisions/0041). The other coins have models
  // that were fitted on markets of the usual shape.
  // One minute past the last close, so that the settlement is shown on the screen.
  emulator: { spanMinutes: 61, markets: { BTC: { season: 'modelled', annualisedVolatility: 0.56 } } },
});

/**
 * The settings with models for assets that have none. These backbones were fitted on emulated markets and
 * must not be used on others.
 */
export const withEmulatedModels = (settings: Settings): Settings => ({
  ...settings,
  assets: settings.assets.map((asset) => ({
    ...asset,
    models: asset.models ?? `shipped:emulated/${asset.name.toLowerCase()}.backbone.json`,
  })),
});
