import type { Check } from '../context.ts';

/** The contract has a price: probabilities before and after shrinking within [0, 1], and an error that is known. Observed: the
 * probability; headroom: the least distance to an end. */
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
