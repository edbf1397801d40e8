import { expect, test } from '@jest/globals';
import { knownTicker } from '../../../src/venues/kalshi/known-ticker.ts';

test('tickers that share a place are told apart, whichever came last', () => {
  const bytes = new TextEncoder().encode('KXBTC-1KXBTC-2KXBTC-15KX');
  const spans: readonly (readonly [number, number, string])[] = [
    [0, 7, 'KXBTC-1'],
    [7, 14, 'KXBTC-2'],
    [14, 22, 'KXBTC-15'],
    [14, 21, 'KXBTC-1'],
    [22, 24, 'KX'],
  ];
  for (const [from, to, name] of [...spans, ...spans, ...spans.toReversed()]) {
    expect(knownTicker(bytes, from, to, 4_096 * 3 - 5)).toBe(name);
    expect(knownTicker(bytes, from, to, -5)).toBe(name);
  }
});

test('a name outlives the bytes that it was read from', () => {
  const bytes = new TextEncoder().encode('KXBTC-1');
  const name = knownTicker(bytes, 0, 7, 1);
  bytes.fill(65);
  expect(name).toBe('KXBTC-1');
  expect(knownTicker(bytes, 0, 7, 1)).toBe('AAAAAAA');
});
