import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { withAssets } from '../../src/config/earlier-keys.ts';
import { parseConfig } from '../../src/config/load.ts';
import { type Settings, settingsSchema } from '../../src/config/settings.ts';
import { dataPath } from '../support/data.ts';

const [BTC] = settingsSchema.parse({}).assets;
const parsed = (raw: unknown): Settings => settingsSchema.parse(raw);
const why = (text: string): string => {
  const read = parseConfig('old.yaml', text, settingsSchema);
  return read.kind === 'configProblem' ? read.why : '';
};

describe('configurations of earlier releases', () => {
  test.each([
    ['kraken.symbol', { kraken: { symbol: 'ETH/USD' } }, { spot: { ...BTC?.spot, kraken: 'ETH/USD' } }],
    [
      'coinbase.product',
      { coinbase: { product: 'ETH-USD' } },
      { spot: { ...BTC?.spot, coinbase: 'ETH-USD' } },
    ],
    [
      'kalshi.series',
      { kalshi: { series: ['KXETH15M', 'KXETHD', 'KXETH'] } },
      { series: { range: 'KXETH', above: 'KXETHD', quarterHour: 'KXETH15M' } },
    ],
    ['some of kalshi.series', { kalshi: { series: ['KXETHD'] } }, { series: { above: 'KXETHD' } }],
    ['pricing.twin.indexId', { pricing: { twin: { indexId: 'ETHUSD_RTI' } } }, { indexId: 'ETHUSD_RTI' }],
    ['pricing.twin.symbols', { pricing: { twin: { symbols: ['BTC/USD', 'BTC-USD'] } } }, {}],
  ])('%s is the first asset’s', (_, raw, changes) => {
    expect(parsed(raw).assets).toEqual([{ ...BTC, ...changes }]);
  });

  test('all of them together, and every other key beside them stays', () => {
    const { assets, kraken, pricing, label } = parsed({
      label: 'old',
      kraken: { symbol: 'ETH/USD', bookDepth: 25 },
      coinbase: { product: 'ETH-USD' },
      kalshi: { series: ['KXETH'], environment: 'demo' },
      pricing: { twin: { indexId: 'ETHUSD_RTI', symbols: [], staleMicros: 7_000_000 } },
    });
    expect(assets).toEqual([
      {
        ...BTC,
        spot: { kraken: 'ETH/USD', coinbase: 'ETH-USD' },
        series: { range: 'KXETH' },
        indexId: 'ETHUSD_RTI',
      },
    ]);
    expect([label, kraken.bookDepth, pricing.twin.staleMicros]).toEqual(['old', 25, 7_000_000]);
  });

  test('one without any old key is left alone', () => {
    for (const raw of [
      {},
      { label: 'a' },
      { assets: ['ETH'] },
      { kraken: { bookDepth: 25 } },
      7,
      null,
      ['a'],
    ])
      expect(withAssets(raw, {})).toBe(raw);
  });

  test.each([
    ['kraken:\n  symbol: BTC/USD\nassets: [ETH]\n', /^old\.yaml:2: kraken: .*"symbol"/],
    ['assets: [ETH]\nkalshi:\n  series: [KXETH]\n', /^old\.yaml:3: kalshi: .*"series"/],
    [
      'assets: [ETH]\nlabel: a\npricing:\n  twin: { indexId: BRTI }\n',
      /^old\.yaml:4: pricing\.twin: .*"indexId"/,
    ],
  ])('a file that names assets and an old key is refused by file and line: %j', (text, reason) => {
    expect(why(text)).toMatch(reason);
  });

  test.each([
    ['two of one kind', 'kalshi: { series: [KXBTC, KXETH] }'],
    ['no list', 'kalshi: { series: KXBTC }'],
    ['no tickers', 'kalshi: { series: [1] }'],
    ['none at all', 'kalshi: { series: [] }'],
  ])('series that one asset cannot have are refused, not dropped: %s', (_, text) => {
    expect(why(text)).toMatch(/^old\.yaml:1: .*series/);
  });

  test('a misspelt key beside an old one is refused as ever', () => {
    expect(why('kraken:\n  symbol: BTC/USD\n  bookDeep: 10\n')).toMatch(/^old\.yaml:2: kraken: .*bookDeep/);
  });

  const kept = join(
    dataPath(),
    '..',
    'cases',
    '01-history-of-another-pair-or-zone',
    'eth_paper.settings.json',
  );
  (existsSync(kept) ? test : test.skip)(
    'settings that a recording of an earlier release kept are read',
    () => {
      const read = parseConfig(kept, readFileSync(kept, 'utf8'), settingsSchema);
      expect(read.kind === 'loaded' ? read.settings.assets : read.why).toEqual([BTC]);
    },
  );
});
