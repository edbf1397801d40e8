import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { MinuteBar } from '../domain/bars.ts';
import type { EdgeClock } from '../transport/edge-clock.ts';
import type { Fault } from './fault.ts';
import { type Faults, faults } from './faults.ts';
import type { KalshiExchange } from './kalshi-exchange-port.ts';
import { type KalshiVenue, kalshiVenue } from './kalshi-venue.ts';
import { type KrakenVenue, krakenVenue } from './kraken-venue.ts';
import type { EmulatedTimes } from './venue.ts';

/** Both venues with a key to Kalshi and the faults between them and their clients. */
export interface Emulation {
  readonly kraken: KrakenVenue;
  readonly kalshi: KalshiVenue;
  readonly faults: Faults;
  readonly keyId: string;
  /** PEM of the RSA key made for this run; good for nothing else. */
  readonly privateKeyPem: string;
}

/** How an emulation is made. */
export interface EmulationOptions {
  readonly clock: EdgeClock;
  readonly times: EmulatedTimes;
  readonly history: readonly MinuteBar[];
  readonly marketDepth: number;
  readonly faults: readonly Fault[];
  readonly rateLimited: boolean;
  readonly exchange: KalshiExchange;
}

/** Key id of emulated accounts. */
const KEY_ID = '00000000-0000-4000-8000-00000000e3a1';
const RSA_BITS = 2048;

/** Opens both venues, without any transport. A key pair is made anew. */
export function emulation(options: EmulationOptions): Emulation {
  const { clock, times, history, marketDepth, rateLimited, exchange } = options;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  const keys: ReadonlyMap<string, KeyObject> = new Map([[KEY_ID, publicKey]]);
  const under = faults(clock, () => venues);
  const kraken = krakenVenue({ times, marketDepth, history, rateLimited });
  const kalshi = kalshiVenue({
    times: { now: times.now, wallMillis: () => times.wallMillis() + under.skewMs('kalshi') },
    exchange,
    keys,
    rateLimited,
  });
  const venues = { kraken, kalshi };
  for (const fault of options.faults) under.inject(fault);
  return {
    ...venues,
    faults: under,
    keyId: KEY_ID,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
