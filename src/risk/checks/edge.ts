import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/** Expected profit per contract after the exact fee exceeds a floor and a multiple of our own uncertainty, in dollars. */
export const edge: Check = ({ proposal, limits }) =>
  atLeast(
    'edge',
    proposal.edgeDollars,
    limits.edgeMinDollars + limits.edgeErrorMultiple * proposal.probabilityError,
  );
