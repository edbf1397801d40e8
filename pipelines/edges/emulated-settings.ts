import type { Settings } from '../../src/config/settings.ts';
import type { Asset } from '../../src/domain/asset.ts';
import type { SpotVenue } from '../../src/domain/venues.ts';
import type { RunningEmulation } from './start-emulation.ts';

/** Spot venues that the emulator serves. */
const EMULATED: ReadonlySet<string> = new Set<SpotVenue>(['kraken']);

/**
 * An asset with the symbols of emulated venues only. A symbol at any other venue would make a client ask it
 * for real prices.
 */
const emulatedAsset = (asset: Asset): Asset => ({
  ...asset,
  spot: Object.fromEntries(Object.entries(asset.spot).filter(([venue]) => EMULATED.has(venue))),
});

/** Settings with the addresses and the key of a running emulation. */
export const emulatedSettings = (settings: Settings, venues: RunningEmulation): Settings => ({
  ...settings,
  kraken: { ...settings.kraken, wsUrl: venues.krakenWs, restUrl: venues.krakenRest },
  kalshi: {
    ...settings.kalshi,
    wsUrl: venues.kalshiWs,
    restUrl: venues.kalshiRest,
    keyId: venues.kalshiKeyId,
    privateKeyPath: venues.kalshiPrivateKeyPath,
  },
  assets: settings.assets.map(emulatedAsset),
});
