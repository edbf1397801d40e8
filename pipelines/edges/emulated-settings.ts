import type { Settings } from '../../src/config/settings.ts';
import type { Asset } from '../../src/domain/asset.ts';
import { MILLISECOND } from '../../src/domain/time.ts';
import type { SpotVenue } from '../../src/domain/venues.ts';
import type { RiskSettings } from '../../src/risk/settings.ts';
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

/** The time by the wall clock that a message may take over loopback on a busy machine. */
const WAY_MICROS = 100 * MILLISECOND;

/**
 * Limits of ages and of clocks in a market that runs at `speed`. The way of a message takes that many times
 * longer there, and by the market's time this looks like an old message or a wrong clock.
 */
const fasterLimits = (risk: RiskSettings, speed: number): RiskSettings => {
  const way = Math.round(WAY_MICROS * (speed - 1));
  return {
    ...risk,
    clockOffsetMaxMicros: risk.clockOffsetMaxMicros + way,
    krakenBookMaxAgeMicros: risk.krakenBookMaxAgeMicros + way,
    kalshiMaxAgeMicros: risk.kalshiMaxAgeMicros + way,
    indexMaxAgeMicros: risk.indexMaxAgeMicros + way,
  };
};

/** Settings with the addresses and the key of a running emulation, whose market runs at `speed`. */
export const emulatedSettings = (settings: Settings, venues: RunningEmulation, speed: number): Settings => ({
  ...settings,
  risk: speed > 1 ? fasterLimits(settings.risk, speed) : settings.risk,
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
