import type { ForecastQuality } from '../../src/console/state.ts';
import { shareInterval } from '../charts/share-interval.ts';

/** Share of outcomes that the 10–90 % band promises to hold. */
export const PROMISED = 0.8;

/**
 * Whether the band held what it promises. Forecasts over several minutes overlap, so that only one outcome in so many
 * minutes counts as one of its own. `unknown` where there is no band or too little came true to say.
 */
export function bandVerdict({
  coverage,
  count,
  minutes,
}: ForecastQuality): 'held' | 'narrow' | 'wide' | 'unknown' {
  if (coverage === null) return 'unknown';
  const own = count / Math.max(1, minutes);
  if (own < 5) return 'unknown';
  const [low, high] = shareInterval(coverage * own, own);
  return high < PROMISED ? 'narrow' : low > PROMISED ? 'wide' : 'held';
}
