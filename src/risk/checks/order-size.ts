import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** The count is a whole number of 0.01 contracts, at least one step and at most the largest order. */
export const orderSize: Check = ({ proposal, limits }) => {
  const observed = Number.isInteger(proposal.count) && proposal.count > 0 ? proposal.count : Number.NaN;
  return atMost('orderSize', observed, limits.orderMaxCount);
};
