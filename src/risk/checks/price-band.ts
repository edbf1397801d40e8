import type { Check } from '../context.ts';

/**
 * The limit price lies within the prices at which we trade, in $0.0001. The finding's limit is the nearer
 * end.
 */
export const priceBand: Check = ({ proposal, limits }) => {
  const above = proposal.limitTicks - limits.priceMinTicks;
  const below = limits.priceMaxTicks - proposal.limitTicks;
  return {
    check: 'priceBand',
    observed: proposal.limitTicks,
    limit: above < below ? limits.priceMinTicks : limits.priceMaxTicks,
    headroom: Math.min(above, below),
  };
};
