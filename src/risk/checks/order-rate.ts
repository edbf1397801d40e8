import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** Number of orders in the last span, this one included. */
export const orderRate: Check = ({ account, limits }) =>
  atMost('orderRate', account.ordersWithin(limits.orderRateSpanMicros) + 1, limits.orderRateMax);
