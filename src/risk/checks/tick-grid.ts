import { onGrid } from '../../venues/kalshi/tick-grid.ts';
import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * The limit price is one that the venue allows on this contract. Observed: 1 if it is not, NaN if the bands
 * are invalid.
 */
export const tickGrid: Check = ({ proposal, contract }) => {
  let whole = true;
  for (const { startTicks, endTicks, stepTicks } of contract.tickBands)
    if (!(startTicks <= endTicks && stepTicks > 0)) whole = false;
  const off = onGrid(contract.tickBands, proposal.limitTicks) ? 0 : 1;
  return atMost('tickGrid', whole ? off : Number.NaN, 0);
};
