import type { ContractView } from '../../src/console/state.ts';
import { isClosed } from './closed-words.ts';
import { bought } from './format.ts';

/** What is being done about a contract, in two words. */
export function stanceOf(contract: ContractView, at: number): readonly [tone: string, words: string] {
  const { live, decision, result } = contract;
  if (result !== null) return ['calm', `paid ${result.toUpperCase()}`];
  if (isClosed(contract, at)) return ['calm', 'CLOSED'];
  if (!live) return ['bad', 'NO BOOK'];
  if (!decision) return ['calm', 'NOT YET'];
  return decision.verdict === 'approved' ? ['good', `BUY ${bought(decision.side)}`] : ['calm', 'OUT'];
}
