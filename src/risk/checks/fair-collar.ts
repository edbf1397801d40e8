import { DOLLAR_TICKS } from '../../domain/money.ts';
import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * The limit price is near our fair value, in $0.0001. An edge beyond the collar is more likely an error of
 * the model or the data.
 */
export const fairCollar: Check = ({ proposal, limits }) =>
  atMost(
    'fairCollar',
    Math.abs(proposal.limitTicks - proposal.probability * DOLLAR_TICKS),
    limits.fairCollarTicks,
  );
