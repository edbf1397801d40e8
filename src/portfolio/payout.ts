import { type Cash, type Count, cash } from '../domain/money.ts';

/**
 * What a settled position receives: a dollar for each YES if the result is yes, a dollar for each NO if it is
 * no.
 */
export const payoutOf = (position: Count, result: 'yes' | 'no'): Cash =>
  cash(result === 'yes' ? Math.max(0, position) * 100 : Math.max(0, -position) * 100);
