import type { Micros } from '../domain/time.ts';
import type { EdgeClock } from './edge-clock.ts';

/**
 * Stamps of a market that runs at `speed` times real time from `epochMicros` on: epoch + elapsed × speed,
 * whole microseconds.
 */
export function fasterStamp(
  clock: EdgeClock,
  { epochMicros, speed }: { readonly epochMicros: Micros; readonly speed: number },
): () => Micros {
  const since = clock.at;
  return () => epochMicros + Math.round((clock.at - since) * speed);
}
