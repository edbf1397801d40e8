import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/** Time to the close is long enough to price, in microseconds: longer while the index itself has not been seen. */
export const toCloseMin: Check = ({ now, contract, directIndex, limits }) =>
  atLeast(
    'toCloseMin',
    contract.closeAt - now,
    directIndex
      ? limits.toCloseMinMicros
      : Math.max(limits.toCloseMinMicros, limits.toCloseMinIndirectMicros),
  );
