import type { KeyObject } from 'node:crypto';
import type { MinuteBar } from '../domain/bars.ts';
import type { EdgeClock } from '../transport/edge-clock.ts';
import type { Fault } from './fault.ts';
import { type Faults, faults } from './faults.ts';
import { kalshiExchange } from './kalshi-exchange.ts';
import { type KalshiVenue, kalshiVenue } from './kalshi-venue.ts';
import { type KrakenVenue, krakenVenue } from './kraken-venue.ts';
import type { EmulatedTimes } from './venue.ts';

/** Both venues with a key to Kalshi and the faults between them and their clients. */
export interface Emulation {
  readonly kraken: KrakenVenue;
  readonly kalshi: KalshiVenue;
  readonly faults: Faults;
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** How an emulation is made. */
export interface EmulationOptions {
  readonly clock: EdgeClock;
  readonly times: EmulatedTimes;
  readonly history: readonly MinuteBar[];
  readonly marketDepth: number;
  readonly faults: readonly Fault[];
  readonly rateLimited: boolean;
  /** The member's key pair; RSA or Ed25519. */
  readonly keyPair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

/** Key id of emulated accounts. */
const KEY_ID = '00000000-0000-4000-8000-00000000e3a1';

/** Opens both venues, without any transport. */
export function emulation(options: EmulationOptions): Emulation {
  const { clock, times, history, marketDepth, rateLimited } = options;
  const { publicKey, privateKey } = options.keyPair;
  const keys: ReadonlyMap<string, KeyObject> = new Map([[KEY_ID, publicKey]]);
  const under = faults(clock, () => venues);
  const kraken = krakenVenue({ times, marketDepth, history, rateLimited });
  const kalshi = kalshiVenue({
    times: { now: times.now, wallMillis: () => times.wallMillis() + under.skewMs('kalshi') },
    exchange: kalshiExchange(times),
    keys,
    rateLimited,
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
