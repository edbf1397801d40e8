import type { KeyObject } from 'node:crypto';
import type { Asset } from '../domain/asset.ts';
import { MILLISECOND } from '../domain/time.ts';
import type { EdgeClock } from '../transport/edge-clock.ts';
import { USUAL_SHARD } from './asset-defaults.ts';
import { emulatedAssets, seriesOf } from './emulated-asset.ts';
import { kalshiExchange } from './kalshi/exchange/exchange.ts';
import { type KalshiVenue, kalshiVenue } from './kalshi/venue.ts';
import { type KrakenVenue, krakenVenue } from './kraken/venue.ts';
import type { EmulatorSettings } from './settings.ts';
import type { EmulatedTimes } from './transport/emulated-venue.ts';
import type { Fault } from './transport/fault.ts';
import { type Faults, faults } from './transport/faults.ts';
import type { AssetHistory } from './world/world.ts';

/** Both venues, a key for Kalshi, and the faults between venues and clients. */
export interface Emulation {
  readonly kraken: KrakenVenue;
  readonly kalshi: KalshiVenue;
  readonly faults: Faults;
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** Options of an emulation. */
export interface EmulationOptions {
  readonly clock: EdgeClock;
  readonly times: EmulatedTimes;
  readonly settings: EmulatorSettings;
  readonly assets: readonly Asset[];
  /** Closed minutes before the start, by asset. */
  readonly history: readonly AssetHistory[];
  readonly marketDepth: number;
  readonly faults: readonly Fault[];
  readonly rateLimited: boolean;
  /** The member's key pair; RSA or Ed25519. */
  readonly keyPair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

/** Key id of emulated accounts. */
const KEY_ID = 'c4b1f0a6-53de-4e2b-9a71-8f2d6b90e3a1';

/** Opens both venues, without any transport. */
export function emulation(options: EmulationOptions): Emulation {
  const { clock, times, history, marketDepth, rateLimited, settings } = options;
  const assets = emulatedAssets(settings, options.assets);
  const barsOf = (name: string) => history.find(({ asset }) => asset === name)?.bars ?? [];
  const { publicKey, privateKey } = options.keyPair;
  const keys: ReadonlyMap<string, KeyObject> = new Map([[KEY_ID, publicKey]]);
  const under = faults(clock, () => venues);
  const kraken = krakenVenue({
    times,
    marketDepth,
    pairs: assets.flatMap(({ name, pair }) => (pair ? [{ pair, history: barsOf(name) }] : [])),
    rateLimited,
  });
  const kalshi = kalshiVenue({
    times: { now: times.now, wallMillis: () => times.wallMillis() + under.skewMs('kalshi') },
    exchange: kalshiExchange(times, {
      homeShard: seriesOf(assets)[0]?.exchangeIndex ?? USUAL_SHARD,
      groupTrigger: settings.orderGroupTrigger,
      weeklyPause: settings.weeklyPause,
      readLag: settings.portfolioLagMs * MILLISECOND,
    }),
    assets,
    keys,
    rateLimited,
    weeklyPause: settings.weeklyPause,
  });
  const venues = { kraken, kalshi };
  for (const fault of options.faults) under.inject(fault);
  return {
    ...venues,
    faults: under,
    keyId: KEY_ID,
    privateKey,
  };
}
