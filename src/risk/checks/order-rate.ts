import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** Orders of the last span, this one included. */
export const orderRate: Check = ({ account, limits }) =>
  atMost('orderRate', account.ordersWithin(limits.orderRateSpanMicros) + 1, limits.orderRateMax);
