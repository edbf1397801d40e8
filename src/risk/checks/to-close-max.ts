import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** Time to the close is within what the forecast covers, in microseconds. */
export const toCloseMax: Check = ({ now, contract, limits }) =>
  atMost('toCloseMax', contract.closeAt - now, limits.toCloseMaxMicros);
