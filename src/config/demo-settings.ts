import { type Settings, settingsSchema } from './settings.ts';

/**
 * Settings of a demo that was given none. Emulated makers quote from a volatility that is wrong by `impliedNoise`, so in their world the model
 * deserves a say that it has not earned against the real market: with the defaults, which hold what was measured there, the demo would watch an
 * hour and rightly trade nothing. Orders are kept small.
 */
export const demoSettings: Settings = settingsSchema.parse({
  label: 'demo',
  pricing: {
    edge: { blend: { marketWeight: 0.65, modelWeight: 0.35, modelWeightError: 0.05 } },
    sizing: { maxOrderCount: 500 },
  },
  risk: { orderCooldownMicros: 30_000_000 },
  // A minute past the last close, so that it settles on screen.
  emulator: { spanMinutes: 61 },
});
