import type { StateWord } from './state.ts';

/** What the word is made of. */
export interface WordInput {
  /** What the operator or the guard lets pass, and why. */
  readonly mode: 'armed' | 'reduce' | 'halted';
  readonly modeReason: string;
  /** What is missing, where nothing feeds the lane; undefined while it is fed. */
  readonly unfed: string | undefined;
  readonly openOrders: number;
  /** The sentence of an approved decision of the last minute; undefined without one. */
  readonly approved: string | undefined;
  /** Why most open contracts are not traded: of how many, and in words. */
  readonly refusal: { readonly contracts: number; readonly of: number; readonly words: string } | undefined;
}

const because = (reason: string, otherwise: string): string => (reason === '' ? otherwise : reason);

/**
 * The one word and its reason. A halt is told before blindness, since the operator must know that no order
 * leaves; blindness before a reduction, since the guard reduces when feeds fall silent and the word should
 * say why.
 */
export function stateWord(input: WordInput): Omit<StateWord, 'since'> {
  const { mode, modeReason, unfed, openOrders, approved, refusal } = input;
  if (mode === 'halted')
    return {
      word: 'HALTED',
      reason: [
        `no order leaves: ${because(modeReason, 'the operator halted it')}`,
        ...(unfed === undefined ? [] : [`and nothing feeds it: ${unfed}`]),
      ].join('; '),
    };
  if (unfed !== undefined) return { word: 'BLIND', reason: `nothing feeds it: ${unfed}` };
  if (mode === 'reduce')
    return {
      word: 'REDUCE',
      reason: `only orders that reduce leave: ${because(modeReason, 'the operator said so')}`,
    };
  if (approved !== undefined) return { word: 'TRADING', reason: approved };
  if (openOrders > 0)
    return { word: 'TRADING', reason: `${openOrders} ${openOrders === 1 ? 'order is' : 'orders are'} open` };
  if (!refusal) return { word: 'WATCHING', reason: 'no open contract has been judged yet' };
  const { contracts, of, words } = refusal;
  return { word: 'WATCHING', reason: of === 1 ? words : `${words} (${contracts} of ${of} contracts)` };
}
