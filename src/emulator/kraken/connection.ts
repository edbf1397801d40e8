import { MILLISECOND, type Micros, SECOND } from '../../domain/time.ts';
import type { KrakenEmission } from './emission.ts';

const BEAT_AFTER = 370 * MILLISECOND;

/** The first messages to a connection that subscribes to everything, whatever the pairs. */
export const krakenOpening = (at: Micros): readonly KrakenEmission[] => [
  { kind: 'status', at: at - 900 },
  { kind: 'ack', at: at - 800, channel: 'instrument', symbol: undefined },
  { kind: 'instrument', at: at - 700 },
];

/** The heartbeats of a step, one a second. */
export const krakenHeartbeat = (from: Micros, to: Micros): readonly KrakenEmission[] => {
  const at = Math.floor(from / SECOND) * SECOND + BEAT_AFTER;
  return at >= from && at < to ? [{ kind: 'heartbeat', at }] : [];
};
