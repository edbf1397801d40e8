import { type Cash, type Count, cash } from '../domain/money.ts';

/** What a settled position receives: a dollar for each YES when the result is yes, for each NO when it is no. */
export const payoutOf = (position: Count, result: 'yes' | 'no'): Cash =>
  cash(result === 'yes' ? Math.max(0, position) * 100 : Math.max(0, -position) * 100);
