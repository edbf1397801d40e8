import { describe, expect, test } from '@jest/globals';
import { assetNamed, knownAssets } from '../../src/config/assets.ts';
import { chooseAssets } from '../../src/config/choose-assets.ts';
import { parseConfig } from '../../src/config/load.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { BTC, ETH } from '../support/assets.ts';

const OWN = {
  name: 'PEPE',
  spot: { kraken: 'PEPE/USD' },
  series: { above: 'KXPEPED' },
  indexId: 'PEPEUSD_RTI',
  indexDecimals: 8,
};
const settings = settingsSchema.parse({
  label: 'kept',
  assets: [{ ...BTC, fee: { kind: 'quadratic', multiplier: 2 } }, OWN],
});
const namesOf = (...names: readonly string[]) => chooseAssets(settings, names).assets.map(({ name }) => name);

describe('chooseAssets', () => {
  test('those that are named, in that order, and nothing else changes', () => {
    expect(namesOf('PEPE', 'BTC')).toEqual(['PEPE', 'BTC']);
    expect(namesOf('PEPE')).toEqual(['PEPE']);
    expect(chooseAssets(settings, ['BTC']).label).toBe('kept');
  });

  test('one that the configuration writes out is as written there, another as it is known', () => {
    const [own, known] = chooseAssets(settings, ['BTC', 'ETH']).assets;
    expect(own?.fee?.multiplier).toBe(2);
    expect(known).toEqual(ETH);
  });

  test('a name that nobody knows and one that is given twice are refused in a sentence', () => {
    expect(() => namesOf('BTC', 'NOPE')).toThrow(
      `assets: there is no NOPE; known are ${knownAssets.join(', ')}, others are written out in the configuration`,
    );
    expect(() => namesOf('BTC', 'BTC')).toThrow('assets: each may be named once, was BTC,BTC');
  });
});

describe('assets of the configuration', () => {
  const why = (text: string): string => {
    const read = parseConfig('v.yaml', text, settingsSchema);
    return read.kind === 'configProblem' ? read.why : '';
  };

  test('every known name stands for an asset whose decimals are its index’s', () => {
    expect(knownAssets.map((name) => [name, assetNamed([], name)?.indexDecimals])).toEqual([
      ['BTC', 2],
      ['ETH', 2],
      ['SOL', 4],
      ['XRP', 4],
      ['DOGE', 7],
      ['BNB', 2],
      ['HYPE', 4],
      ['ZEC', 4],
      ['NEAR', 4],
    ]);
    expect(settingsSchema.parse({ assets: knownAssets }).assets).toHaveLength(knownAssets.length);
  });

  test('without a name it is the first, and an unknown one is none', () => {
    expect(assetNamed(settings.assets)?.name).toBe('BTC');
    expect(assetNamed(settings.assets, 'NOPE')).toBeUndefined();
  });

  test.each([
    ['assets: [NOPE]', /^v\.yaml:1: assets\.0: must be one of BTC, .*, or an asset written out, was "NOPE"$/],
    ['assets: []', /^v\.yaml:1: assets: /],
    ['label: a\nassets: [BTC, BTC]', /names must differ/],
    [`assets: [BTC, ${JSON.stringify({ ...OWN, indexId: 'BRTI' })}]`, /indices must differ/],
    [`assets: [BTC, ${JSON.stringify({ ...OWN, series: { above: 'KXBTCD' } })}]`, /series must differ/],
    [`assets: [${JSON.stringify({ ...OWN, series: {} })}]`, /must name a series/],
    [`assets: [${JSON.stringify({ ...OWN, spot: { kraken: 'XBT/USD' } })}]`, /BTC\/USD/],
  ])('%s is refused', (text, reason) => expect(why(text)).toMatch(reason));
});
