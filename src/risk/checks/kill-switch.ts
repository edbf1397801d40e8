import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * The kill switch is off, or it is on `reduce` and the order lowers the worst outcome. Observed: 1 if the
 * switch refuses.
 */
export const killSwitch: Check = ({ mode, account }) => {
  if (mode === 'armed') return atMost('killSwitch', 0, 0);
  if (mode === 'reduce' && account.lowersWorst()) return atMost('killSwitch', 0, 0);
  return mode === 'reduce'
    ? { ...atMost('killSwitch', 1, 0), note: 'only orders that lower the worst outcome' }
    : atMost('killSwitch', 1, 0);
};
