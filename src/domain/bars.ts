import type { Micros } from './time.ts';

/**
 * One minute (or second) of prices in dollars. `openAt` is the bar's start by the venue's clock. `flag` marks
 * bars whose close must give no return: 0 as recorded, 1 still forming when recorded, 2 filled in because the
 * real bar is not known. A bar without trades carries the last close in all four prices and volume 0.
 */
export interface MinuteBar {
  readonly openAt: Micros;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly flag: 0 | 1 | 2;
}
