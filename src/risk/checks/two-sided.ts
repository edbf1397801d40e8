import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/** Both sides of the book are quoted: an empty one has nothing to take or no price to trust. Observed: the smaller of the two best
 * counts, in 0.01 contracts. */
export const twoSided: Check = ({ book }) => atLeast('twoSided', Math.min(book.bidCount, book.askCount), 1);
