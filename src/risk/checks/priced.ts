import type { Check } from '../context.ts';

/**
 * The contract has a price: the probabilities before and after blending are within [0, 1], and their error is
 * known. Observed: the probability. Headroom: the least distance to 0 or 1.
 */
export const priced: Check = ({ proposal }) => {
  const { probability, modelProbability, probabilityError } = proposal;
  const headroom = Math.min(
    probability,
    1 - probability,
    modelProbability,
    1 - modelProbability,
    probabilityError,
  );
  return { check: 'priced', observed: probability, limit: 1, headroom };
};
