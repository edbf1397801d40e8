import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** No order of the same contract and side is in flight or resting. */
export const duplicate: Check = ({ account }) => atMost('duplicate', account.ordersSameSide, 0);
