import { describe, expect, test } from '@jest/globals';
import { krakenSettings } from '../../../src/venues/kraken/settings.ts';

describe('krakenSettings', () => {
  test('the defaults are the public socket and REST and the shallowest book', () => {
    expect(krakenSettings.parse({})).toEqual({
      bookDepth: 10,
      wsUrl: 'wss://ws.kraken.com/v2',
      restUrl: 'https://api.kraken.com',
    });
  });

  test.each([
    ['a pair, which is an asset’s', { symbol: 'BTC/USD' }],
    ['a depth that Kraken does not grant', { bookDepth: 27 }],
    ['a socket that is none', { wsUrl: 'https://ws.kraken.com/v2' }],
    ['REST over a socket', { restUrl: 'wss://api.kraken.com' }],
    ['a setting that does not exist', { depth: 10 }],
  ])('%s is refused', (_, settings) => {
    expect(krakenSettings.safeParse(settings).success).toBe(false);
  });

  test.each([10, 25, 100, 500, 1000])('a depth of %d is taken', (bookDepth) => {
    expect(krakenSettings.parse({ bookDepth }).bookDepth).toBe(bookDepth);
  });
});
