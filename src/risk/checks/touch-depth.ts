import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/**
 * Enough is displayed at the best price that the proposal would take, in 0.01 contracts. The limit is a least
 * count, or a multiple of the proposal's count if that is more, so that our order does not move the market.
 */
export const touchDepth: Check = ({ book, proposal, limits }) =>
  atLeast(
    'touchDepth',
    proposal.side === 'bid' ? book.askCount : book.bidCount,
    Math.max(limits.touchMinCount, limits.touchMinShare * proposal.count),
  );
