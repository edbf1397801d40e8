import type { Check } from '../context.ts';

/** The operator has turned orders that take off. It refuses always, and runs only then. */
export const takeAllowed: Check = () => ({ check: 'takeAllowed', observed: 1, limit: 0, headroom: -1 });
