import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * The book belongs to this contract, is live (in sequence), and is not crossed. Observed: how many of these
 * fail.
 */
export const bookIntact: Check = ({ book, contract }) =>
  atMost(
    'bookIntact',
    Number(!book.live) + Number(book.crossed) + Number(book.ticker !== contract.ticker),
    0,
  );
