import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/**
 * There is an index value, or its twin, to price with. Observed: its value in dollars, NaN if anything about
 * it is unknown.
 */
export const indexKnown: Check = ({ index }) => {
  const whole = index && index.variance >= 0 && index.at > 0 && index.receivedAt > 0 && index.value > 0;
  return atLeast('indexKnown', whole ? index.value : Number.NaN, 0);
};
