import { describe, expect, test } from '@jest/globals';
import { stateWord, type WordInput } from '../../src/console/state-word.ts';

const QUIET: WordInput = {
  mode: 'armed',
  modeReason: '',
  unfed: undefined,
  openOrders: 0,
  approved: undefined,
  refusal: undefined,
};
const edge = { contracts: 8, of: 12, words: 'edge 1.2 ¢ is inside its error of 1.9 ¢' };

describe('stateWord', () => {
  test.each<[string, Partial<WordInput>, string, string]>([
    ['nothing was judged yet', {}, 'WATCHING', 'no open contract has been judged yet'],
    ['a check refuses most', { refusal: edge }, 'WATCHING', `${edge.words} (8 of 12 contracts)`],
    ['one contract is open', { refusal: { ...edge, contracts: 1, of: 1 } }, 'WATCHING', edge.words],
    ['an order was approved', { approved: 'A: buys 1 YES', refusal: edge }, 'TRADING', 'A: buys 1 YES'],
    ['an order is open', { openOrders: 1, refusal: edge }, 'TRADING', '1 order is open'],
    ['two orders are open', { openOrders: 2 }, 'TRADING', '2 orders are open'],
    [
      'it reduces, whatever was approved',
      { mode: 'reduce', modeReason: 'the guard: feed', approved: 'A' },
      'REDUCE',
      'only orders that reduce leave: the guard: feed',
    ],
    [
      'it reduces without a reason',
      { mode: 'reduce' },
      'REDUCE',
      'only orders that reduce leave: the operator said so',
    ],
    ['nothing feeds it', { unfed: 'BTC index is silent' }, 'BLIND', 'nothing feeds it: BTC index is silent'],
    [
      'nothing feeds it and the guard reduces, which is why',
      { unfed: 'BTC index is silent', mode: 'reduce', modeReason: 'the guard: feed' },
      'BLIND',
      'nothing feeds it: BTC index is silent',
    ],
    [
      'it is halted',
      { mode: 'halted', modeReason: 'the operator: lunch', openOrders: 3 },
      'HALTED',
      'no order leaves: the operator: lunch',
    ],
    [
      'it is halted and nothing feeds it',
      { mode: 'halted', unfed: 'BTC index is down' },
      'HALTED',
      'no order leaves: the operator halted it; and nothing feeds it: BTC index is down',
    ],
  ])('%s', (_, given, word, reason) => {
    expect(stateWord({ ...QUIET, ...given })).toEqual({ word, reason });
  });
});
