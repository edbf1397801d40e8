import { majorityOf } from '../../pricing/agreement.ts';
import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * Fewer than half of the fresh spot venues are far from the others. Observed: how many are; the note names
 * them.
 */
export const spotsAgree: Check = ({ support: { venues, far, farNames } }) => {
  const finding = atMost('spotsAgree', far, venues - Math.min(venues, majorityOf(venues)));
  return far > 0 ? { ...finding, note: farNames } : finding;
};
