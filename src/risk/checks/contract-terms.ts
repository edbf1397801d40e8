import type { Contract } from '../../domain/contracts.ts';
import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

const strikesKnown = ({ strikeType, floorUnits, capUnits }: Contract): boolean => {
  const floor = floorUnits ?? Number.NaN;
  const cap = capUnits ?? Number.NaN;
  switch (strikeType) {
    case 'greater':
    case 'greater_or_equal':
      return Number.isFinite(floor) && !Number.isNaN(capUnits ?? 0);
    case 'less':
    case 'less_or_equal':
      return Number.isFinite(cap) && !Number.isNaN(floorUnits ?? 0);
    case 'between':
      return floor <= cap;
  }
};

/**
 * The terms are complete: the strikes that the type needs and their unit, an opening time that has passed,
 * known fee terms, and a valid shard if one is given. Observed: how many are wrong.
 */
export const contractTerms: Check = ({ now, contract, proposal }) => {
  const { openAt, closeAt, fee, exchangeIndex, indexDecimals, ticker } = contract;
  let wrong = 0;
  if (ticker !== proposal.ticker) wrong++;
  if (!strikesKnown(contract)) wrong++;
  if (!(Number.isInteger(indexDecimals) && indexDecimals >= 0)) wrong++;
  if (!(openAt <= now && openAt < closeAt)) wrong++;
  if (!((fee?.multiplier ?? Number.NaN) >= 0)) wrong++;
  if (exchangeIndex !== undefined && !Number.isInteger(exchangeIndex)) wrong++;
  return atMost('contractTerms', wrong, 0);
};
