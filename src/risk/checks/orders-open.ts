import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** Number of open orders, this one included. */
export const ordersOpen: Check = ({ account, limits }) =>
  atMost('ordersOpen', account.ordersOpen + 1, limits.ordersOpenMax);
