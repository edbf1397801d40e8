import type { ContractView } from '../../src/console/state.ts';
import { isClosed } from './closed-words.ts';

/**
 * Why it is not known what all that is held would bring now, in a few words; undefined where every position has a
 * buyer.
 */
export function unsoldWords(contracts: readonly ContractView[], at: number): string | undefined {
  const lacking = contracts.flatMap((contract) => {
    const { position, live, bidTicks, askTicks } = contract;
    if (position === 0) return [];
    if (isClosed(contract, at)) return ['closed and not settled yet'];
    if (!live) return ['without a whole book'];
    // A sale of NO meets whoever sells YES.
    return (position > 0 ? bidTicks : askTicks) === null ? ['without a buyer'] : [];
  });
  const [first] = lacking;
  return first === undefined ? undefined : `${lacking.length} held ${first}`;
}
