import { expect, test } from '@jest/globals';
import { knownTicker, latestTicker } from '../../../src/venues/kalshi/known-ticker.ts';

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

test('the last ticker is found again only where it stands whole, with its end behind it', () => {
  const bytes = new TextEncoder().encode('KXBTC-1"KXBTC-15"KXBTC-2"');
  const quote = 34;
  expect(knownTicker(bytes, 0, 7, 1)).toBe('KXBTC-1');
  expect(latestTicker(bytes, 0, quote)).toBe('KXBTC-1');
  expect(latestTicker(bytes, 8, quote)).toBeUndefined();
  expect(latestTicker(bytes, 17, quote)).toBeUndefined();
  expect(knownTicker(bytes, 8, 16, 2)).toBe('KXBTC-15');
  expect(latestTicker(bytes, 8, quote)).toBe('KXBTC-15');
  expect(latestTicker(bytes, 0, quote)).toBeUndefined();
  expect(knownTicker(bytes, 0, 7, 1)).toBe('KXBTC-1');
  expect(latestTicker(bytes, 0, quote)).toBe('KXBTC-1');
});
