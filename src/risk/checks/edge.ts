import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/**
 * Expected profit per contract after the exact fee is at least a fixed amount plus a multiple of our
 * probability's standard error, in dollars.
 */
export const edge: Check = ({ proposal, limits }) =>
  atLeast(
    'edge',
    proposal.edgeDollars,
    limits.edgeMinDollars + limits.edgeErrorMultiple * proposal.probabilityError,
  );
