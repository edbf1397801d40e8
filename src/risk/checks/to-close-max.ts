import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** The time to the close is within the forecast's reach, in microseconds. */
export const toCloseMax: Check = ({ now, contract, limits }) =>
  atMost('toCloseMax', contract.closeAt - now, limits.toCloseMaxMicros);
