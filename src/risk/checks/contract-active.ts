import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** The contract is active at the venue. Observed: 1 if it is in any other state. */
export const contractActive: Check = ({ contractState }) =>
  atMost('contractActive', contractState === 'active' ? 0 : 1, 0);
