import { describe, expect, test } from '@jest/globals';
import { restPair, wsSymbol } from '../../../src/venues/kraken/pair.ts';

describe("a pair's names", () => {
  test.each([
    ['BTC/USD', 'XBTUSD'],
    ['ETH/USD', 'ETHUSD'],
    ['ETH/BTC', 'ETHXBT'],
    ['BTC/USDT', 'XBTUSDT'],
    ['WBTC/USD', 'WBTCUSD'],
    ['DOGE/USD', 'XDGUSD'],
  ])('REST asks for %s as %s, and what it answers is %s again', (symbol, pair) => {
    expect(restPair(symbol)).toBe(pair);
    expect(wsSymbol(pair)).toBe(symbol);
  });

  // Keys that REST answers under, from its AssetPairs (docs.kraken.com/api/docs/rest-api/get-tradable-asset-pairs).
  test.each([
    ['XXBTZUSD', 'BTC/USD'],
    ['XETHZUSD', 'ETH/USD'],
    ['XXBTZEUR', 'BTC/EUR'],
    ['XETHXXBT', 'ETH/BTC'],
    ['XXDGZUSD', 'DOGE/USD'],
    ['XBTUSDT', 'BTC/USDT'],
    ['SOLUSD', 'SOL/USD'],
    ['XTZUSD', 'XTZ/USD'],
    ['BTC/USD', 'BTC/USD'],
  ])('the key %s is %s', (key, symbol) => {
    expect(wsSymbol(key)).toBe(symbol);
  });

  test.each(['USD', 'FOO', ''])('%j names no pair', (key) => {
    expect(wsSymbol(key)).toBeUndefined();
  });
});
