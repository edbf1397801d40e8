import type { DecisionView } from '../../src/console/state.ts';
import { bought, cents, clock, decimal } from './format.ts';

type Would = Pick<DecisionView, 'verdict' | 'side' | 'wouldPriceTicks' | 'wouldVolatilityFactor' | 'wouldAt'>;

const DOLLAR_TICKS = 10_000;

/** What would change an abstention, as sentences; none for an approval or where nothing alone would. */
export function wouldWords(decision: Would): readonly string[] {
  const { verdict, side, wouldPriceTicks, wouldVolatilityFactor, wouldAt } = decision;
  if (verdict === 'approved') return [];
  const words: string[] = [];
  if (wouldPriceTicks !== null) {
    const paid = side === 'bid' ? wouldPriceTicks : DOLLAR_TICKS - wouldPriceTicks;
    words.push(`a price: it would buy ${bought(side)} at ${cents(paid)} ¢ or less`);
  }
  if (wouldVolatilityFactor !== null) {
    const change = 100 * (wouldVolatilityFactor - 1);
    words.push(`volatility: if it were ${decimal(Math.abs(change), 0)} % ${change < 0 ? 'lower' : 'higher'}`);
  }
  if (wouldAt !== null) words.push(`time: not before ${clock(wouldAt)} UTC`);
  return words;
}
