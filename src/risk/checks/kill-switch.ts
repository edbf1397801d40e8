import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** The operator's kill switch is off. Observed: 1 if it is on. */
export const killSwitch: Check = ({ halted }) => atMost('killSwitch', halted ? 1 : 0, 0);
