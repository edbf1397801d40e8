import { HOUR } from '../../domain/time.ts';
import type { BlockSum } from '../../maths/block-bootstrap.ts';
import type { MarkedFill } from './markouts.ts';

/** Profit or loss of a fill at settlement, after its fee times `fees`; undefined while it is not settled. */
export const profitOf = (
  { side, price, contracts, feeDollars, settled }: MarkedFill,
  fees = 1,
): number | undefined =>
  settled === undefined
    ? undefined
    : (side === 'bid' ? settled - price : price - settled) * contracts - fees * feeDollars;

/** The hour within which a fill's contract closed: the block that it is of. */
export const hourOf = ({ closeAt, at }: MarkedFill): number => Math.ceil((closeAt ?? at) / HOUR);

/** Profits added up by the hour of the close, in order of time. What has not settled is left out. */
export function profitByHour<Row extends MarkedFill>(
  fills: readonly Row[],
  profit: (fill: Row) => number | undefined = profitOf,
): readonly BlockSum[] {
  const sums = new Map<number, number>();
  for (const fill of fills) {
    const own = profit(fill);
    if (own !== undefined) sums.set(hourOf(fill), (sums.get(hourOf(fill)) ?? 0) + own);
  }
  return [...sums].map(([block, sum]) => ({ block, sum })).sort((a, b) => a.block - b.block);
}
