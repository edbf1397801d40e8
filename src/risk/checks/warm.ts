import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/** Enough minutes have been seen for the features and the forecast. */
export const warm: Check = ({ warmMinutes, requiredWarmMinutes }) =>
  atLeast('warm', warmMinutes, requiredWarmMinutes);
