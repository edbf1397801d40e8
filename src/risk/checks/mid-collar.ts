import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** The limit price is near the middle of the book, in $0.0001; NaN if a side is empty. */
export const midCollar: Check = ({ proposal, book, limits }) => {
  const middle = ((book.bidTicks ?? Number.NaN) + (book.askTicks ?? Number.NaN)) / 2;
  return atMost('midCollar', Math.abs(proposal.limitTicks - middle), limits.midCollarTicks);
};
