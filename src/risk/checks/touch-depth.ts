import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/** Enough is displayed at the best price that the proposal would take, in 0.01 contracts: a floor, and a share of the proposal itself so
 * that we do not move the market we measure. */
export const touchDepth: Check = ({ book, proposal, limits }) =>
  atLeast(
    'touchDepth',
    proposal.side === 'bid' ? book.askCount : book.bidCount,
    Math.max(limits.touchMinCount, limits.touchMinShare * proposal.count),
  );
