import { describe, expect, test } from '@jest/globals';
import { assetOf } from '../../src/venues/asset-of.ts';
import { BTC, ETH, SOL } from '../support/assets.ts';

const of = assetOf([BTC, ETH, { ...SOL, spot: {} }]);

describe('assetOf', () => {
  test('a ticker is of the asset that has its series, to the letter', () => {
    expect(
      ['KXBTC-26MAY-T1', 'KXBTCD-A', 'KXBTC15M-A', 'KXETHD-A', 'KXSOLE-A', 'KXETH'].map(of.ticker),
    ).toEqual(['BTC', 'BTC', 'BTC', 'ETH', 'SOL', 'ETH']);
    // As like as they look: another coin's, a longer series, a series that only begins so.
    expect(['KXDOGE-A', 'KXBTCDX-A', 'KXBT-A', '', '-KXBTC'].map(of.ticker)).toEqual(['', '', '', '', '']);
  });

  test('a symbol is of the asset that has it at that venue', () => {
    const trade = (venue: string, symbol: string) => of.event({ kind: 'spotTrade', venue, symbol });
    expect([trade('kraken', 'BTC/USD'), trade('coinbase', 'ETH-USD')]).toEqual(['BTC', 'ETH']);
    expect([trade('coinbase', 'BTC/USD'), trade('kraken', 'SOL/USD'), trade('nowhere', 'BTC/USD')]).toEqual([
      '',
      '',
      '',
    ]);
    expect(of.event({ kind: 'spotTop', venue: 'coinbase', symbol: 'BTC-USD' })).toBe('BTC');
    expect(of.event({ kind: 'krakenOhlc', symbol: 'ETH/USD' })).toBe('ETH');
    expect(of.event({ kind: 'krakenBookChecked', venue: 'kraken', symbol: 'ETH/USD' })).toBe('ETH');
  });

  test.each([
    ['contractBook', { ticker: 'KXETHD-A' }, 'ETH'],
    ['contractDelta', { ticker: 'KXETHD-A' }, 'ETH'],
    ['contractSnapshot', { ticker: 'KXETHD-A' }, 'ETH'],
    ['krakenBook', { venue: 'kraken', symbol: 'ETH/USD' }, 'ETH'],
    ['contractTicker', { ticker: 'KXETHD-A' }, 'ETH'],
    ['contractTrade', { ticker: 'KXETHD-A' }, 'ETH'],
    ['contract', { contract: { ticker: 'KXETHD-A' } }, 'ETH'],
    ['contract', { contract: { ticker: 'KXDOGED-A' } }, ''],
    ['indexPrint', { asset: 'ETH' }, 'ETH'],
    ['forecast', { asset: 'ETH' }, 'ETH'],
    ['remoteForecast', { forecast: { asset: 'ETH' } }, 'ETH'],
  ])('a %s tells its own: %j', (kind, told, asset) => {
    expect(of.event({ kind, ...told })).toBe(asset);
  });

  test.each(['gap', 'session', 'command', 'venueStatus', 'connection', 'heartbeat'])(
    'what a venue or an operator says of itself concerns all: %s',
    (kind) => expect(of.event({ kind, venue: 'kraken' })).toBeUndefined(),
  );

  test('however many tickers were asked for, the answer stays', () => {
    const fresh = assetOf([BTC]);
    const tickers = Array.from({ length: 20_000 }, (_, i) => `${i % 2 ? 'KXETHD' : 'KXBTCD'}-${i}`);
    const wrong = tickers.filter((ticker, i) => fresh.ticker(ticker) !== (i % 2 ? '' : 'BTC'));
    expect(wrong).toEqual([]);
    expect(fresh.ticker('KXBTCD-0')).toBe('BTC');
  });
});
