import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * No order of the same contract and side is in flight or resting, and none of the contract, of either side,
 * is in a state that is not known.
 */
export const duplicate: Check = ({ account }) => atMost('duplicate', account.ordersInTheWay, 0);
