import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/**
 * The time to the close is long enough for pricing, in microseconds. The limit is higher while no print of
 * the index has been seen.
 */
export const toCloseMin: Check = ({ now, contract, directIndex, limits }) =>
  atLeast(
    'toCloseMin',
    contract.closeAt - now,
    directIndex
      ? limits.toCloseMinMicros
      : Math.max(limits.toCloseMinMicros, limits.toCloseMinIndirectMicros),
  );
