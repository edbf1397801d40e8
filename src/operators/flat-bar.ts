import type { MinuteBar } from '../domain/bars.ts';
import type { Micros } from '../domain/time.ts';

/**
 * The bar of a span without trades: the last close in all four prices. `flag` is 2 where trades may have been
 * missed.
 */
export const flatBar = (openAt: Micros, close: number, flag: 0 | 2): MinuteBar => ({
  openAt,
  open: close,
  high: close,
  low: close,
  close,
  volume: 0,
  flag,
});
