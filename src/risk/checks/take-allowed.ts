import type { Check } from '../context.ts';

/** The operator has turned orders that take off. It refuses always, and runs only then. */
export const takeAllowed: Check = () => ({ check: 'takeAllowed', observed: 0, limit: 1, headroom: -1 });
