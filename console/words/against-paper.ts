import type { OrderView } from '../../src/console/state.ts';
import { contracts, decimal } from './format.ts';

/** How paper and the exchange differ on the same order, in words. */
export function againstPaper({ filled, averageTicks, paper }: OrderView): string {
  if (!paper) return '–';
  const missed = filled - paper.filled;
  const price =
    averageTicks === null || paper.averageDollars === null
      ? ''
      : `, ${decimal(averageTicks / 100 - 100 * paper.averageDollars, 1, true)} ¢`;
  return missed === 0
    ? `same count${price}`
    : `${missed > 0 ? '+' : '−'}${contracts(Math.abs(missed))}${price}`;
}
