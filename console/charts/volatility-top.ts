import type { Column } from './down-sample.ts';

/** How far above all other lines the implied volatility may reach. */
const IMPLIED_TIMES = 2;

/**
 * The greatest volatility that is drawn, of columns low, high, realised, implied and forecast: the greatest of all
 * but the implied one, or twice as much where the implied one reaches there. Infinite where nothing but it is known.
 */
export function volatilityTop([, high = [], realised = [], , forecast = []]: readonly Column[]): number {
  let most = 0;
  for (const column of [high, realised, forecast])
    for (const value of column) if (value !== null && value !== undefined && value > most) most = value;
  return most > 0 ? IMPLIED_TIMES * most : Number.POSITIVE_INFINITY;
}

/** Whether a line leaves the picture. */
export const isAbove = (column: Column = [], top: number): boolean =>
  column.some((value) => value !== null && value !== undefined && value > top);
