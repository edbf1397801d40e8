import { onGrid } from '../../venues/kalshi/tick-grid.ts';
import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** The limit is a price that the venue allows on this contract. Observed 1 when it is not, NaN when the bands themselves are broken. */
export const tickGrid: Check = ({ proposal, contract }) => {
  let whole = true;
  for (const { startTicks, endTicks, stepTicks } of contract.tickBands)
    if (!(startTicks <= endTicks && stepTicks > 0)) whole = false;
  const off = onGrid(contract.tickBands, proposal.limitTicks) ? 0 : 1;
  return atMost('tickGrid', whole ? off : Number.NaN, 0);
};
