import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** The spread is narrow enough, in $0.0001; NaN if a side is empty. */
export const spread: Check = ({ book, limits }) =>
  atMost('spread', (book.askTicks ?? Number.NaN) - (book.bidTicks ?? Number.NaN), limits.spreadMaxTicks);
