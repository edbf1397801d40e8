import type { Known } from '../../domain/known.ts';
import { HOUR } from '../../domain/time.ts';
import type { BlockSum } from '../../maths/block-bootstrap.ts';
import type { MarkedFill } from '../score/markouts.ts';

/** A fill with what was thought when its order was decided; null where that is not known. */
export interface Traded extends MarkedFill {
  readonly ticker: string;
  readonly edgeDollars: Known;
  readonly modelProbability: Known;
  /** Middle of the book that the order was decided on, in dollars. */
  readonly mid: Known;
}

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
export function profitByHour(
  fills: readonly Traded[],
  profit: (fill: Traded) => number | undefined = profitOf,
): readonly BlockSum[] {
  const sums = new Map<number, number>();
  for (const fill of fills) {
    const own = profit(fill);
    if (own !== undefined) sums.set(hourOf(fill), (sums.get(hourOf(fill)) ?? 0) + own);
  }
  return [...sums].map(([block, sum]) => ({ block, sum })).sort((a, b) => a.block - b.block);
}
