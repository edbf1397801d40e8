import { DOLLAR_TICKS } from '../domain/money.ts';

/**
 * Cash ($0.0001) that `count` (0.01 contracts) takes at a YES price, before fees and rounded up: a bid pays
 * p·C for YES, an ask (1−p)·C for NO. These are plain numbers, so NaN gives NaN.
 */
export const costOf = (side: 'bid' | 'ask', priceTicks: number, count: number): number =>
  Math.ceil(((side === 'bid' ? priceTicks : DOLLAR_TICKS - priceTicks) * count) / 100);
