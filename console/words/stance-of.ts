import type { ContractView } from '../../src/console/state.ts';
import { bought } from './format.ts';

/** What is being done about a contract, in two words. */
export function stanceOf({ live, decision, result }: ContractView): readonly [tone: string, words: string] {
  if (result !== null) return ['calm', `paid ${result.toUpperCase()}`];
  if (!live) return ['bad', 'NO BOOK'];
  if (!decision) return ['calm', 'NOT YET'];
  return decision.verdict === 'approved' ? ['good', `BUY ${bought(decision.side)}`] : ['calm', 'OUT'];
}
