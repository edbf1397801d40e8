import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/**
 * Both sides of the book have quotes. With an empty side there is nothing to take, or no middle to compare
 * with. Observed: the smaller of the two best counts, in 0.01 contracts.
 */
export const twoSided: Check = ({ book }) => atLeast('twoSided', Math.min(book.bidCount, book.askCount), 1);
