import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** Our clock agrees with the venues' clocks. Observed: the largest certain difference, in microseconds. */
export const clockTrue: Check = ({ clockOffsetMicros, limits }) =>
  atMost('clockTrue', Math.abs(clockOffsetMicros), limits.clockOffsetMaxMicros);
