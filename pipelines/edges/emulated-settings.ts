import type { Settings } from '../../src/config/settings.ts';
import type { RunningEmulation } from './start-emulation.ts';

/** Settings whose addresses and key are those of an emulation. */
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
  coinbase: { ...settings.coinbase, enabled: false },
});
