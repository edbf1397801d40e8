import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * The venue has told nothing of this contract that cannot be by our own books, or the operator has resolved
 * it. Observed: differences since then.
 */
export const reconciled: Check = ({ account }) => atMost('reconciled', account.differences, 0);
