import { describe, expect, test } from '@jest/globals';
import { settingsSchema } from '../../src/config/settings.ts';

const assetsOf = (assets: unknown) => settingsSchema.safeParse({ assets });
const WRITTEN = {
  name: 'ADA',
  spot: { kraken: 'ADA/USD' },
  series: { quarterHour: 'KXADA15M' },
  indexId: 'ADAUSD_RTI',
  indexDecimals: 4,
};

describe('settings.assets', () => {
  test('are Bitcoin alone unless they are named, and a name stands for all of it', () => {
    expect(settingsSchema.parse({}).assets.map(({ name }) => name)).toEqual(['BTC']);
    const { data } = assetsOf(['ETH', 'SOL', 'DOGE']);
    expect(data?.assets.map(({ indexId, indexDecimals }) => [indexId, indexDecimals])).toEqual([
      ['ETHUSD_RTI', 2],
      ['SOLUSD_RTI', 4],
      ['DOGEUSD_RTI', 7],
    ]);
  });

  test('an asset that no name stands for is written out, beside one that is', () => {
    const { data } = assetsOf(['BTC', WRITTEN]);
    expect(data?.assets[1]).toMatchObject({ name: 'ADA', fee: undefined, models: undefined });
  });

  test('refuses what could not be told apart, or what fees cannot be computed by', () => {
    const why = (assets: unknown): string | undefined => assetsOf(assets).error?.issues[0]?.message;
    expect(why(['BTC', 'BTC'])).toBe('names must differ');
    expect(why(['BTC', { ...WRITTEN, indexId: 'BRTI' }])).toBe('indices must differ');
    expect(why(['BTC', { ...WRITTEN, series: { above: 'KXBTCD' } }])).toBe('series must differ');
    expect(why(['XMR'])).toMatch(/^must be one of BTC, ETH/);
    expect(why([])).toBeDefined();
    expect(why([{ ...WRITTEN, spot: { kraken: 'XBT/USD' } }])).toBeDefined();
    for (const multiplier of [0.12345, 1_000.5, -1])
      expect([multiplier, why([{ ...WRITTEN, fee: { kind: 'quadratic', multiplier } }])]).not.toEqual([
        multiplier,
        undefined,
      ]);
    expect(why([{ ...WRITTEN, fee: { kind: 'quadratic', multiplier: 0.1234 } }])).toBeUndefined();
  });
});
