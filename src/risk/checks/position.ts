import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * The position toward the proposal's side stays within its limit if the proposal and all open orders of that
 * side fill, in 0.01 contracts. Closing passes however large the position.
 */
export const position: Check = ({ account, limits }) =>
  atMost('position', account.positionIfFilled, limits.positionMaxCount);
