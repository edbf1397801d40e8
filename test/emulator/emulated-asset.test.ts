import { describe, expect, test } from '@jest/globals';
import type { Asset } from '../../src/domain/asset.ts';
import { emulatedAssets, seriesOf } from '../../src/emulator/emulated-asset.ts';
import { emulatorSettings } from '../../src/emulator/settings.ts';
import { BTC, DOGE, ETH } from '../support/assets.ts';

const emulated = (settings: object, assets: readonly Asset[]) =>
  emulatedAssets(emulatorSettings.parse(settings), assets);

describe('emulatedAssets', () => {
  test('an asset without settings has its own default; one that is not known follows from its decimals', () => {
    const [btc, eth, doge] = emulated({}, [BTC, ETH, DOGE]);
    expect([btc?.startDollars, eth?.startDollars, doge?.startDollars]).toEqual([80_000, 2_500, 0.02]);
    expect([btc?.strikeStepUnits, eth?.strikeStepUnits, doge?.strikeStepUnits]).toEqual([
      10_000, 2_000, 1_000,
    ]);
    expect([btc, eth, doge].map((asset) => asset?.pair?.priceDecimals)).toEqual([1, 2, 7]);
    expect([btc, eth, doge].map((asset) => asset?.pair?.restKey)).toEqual([
      'XXBTZUSD',
      'XETHZUSD',
      'DOGEUSD',
    ]);
  });

  test('the keys outside are the first asset’s, and what stands in `markets` stands above them', () => {
    const settings = { startDollars: 1_000, jumpsPerDay: 0, markets: { ETH: { startDollars: 3_000 } } };
    const [btc, eth] = emulated(settings, [BTC, ETH]);
    expect([btc?.startDollars, btc?.jumpsPerDay]).toEqual([1_000, 0]);
    expect([eth?.startDollars, eth?.jumpsPerDay]).toEqual([3_000, 24]);
    expect(emulated(settings, [ETH, BTC]).map(({ startDollars }) => startDollars)).toEqual([3_000, 80_000]);
  });

  test('a series is on the shard that the settings name, and on the second otherwise', () => {
    const series = seriesOf(emulated({ exchangeIndex: { KXETHD: 3 } }, [BTC, ETH]));
    expect(series.filter(({ exchangeIndex }) => exchangeIndex !== 2)).toMatchObject([
      { ticker: 'KXETHD', exchangeIndex: 3 },
    ]);
  });

  test('a product that the asset does not have is not listed', () => {
    const quarter = { ...ETH, series: { quarterHour: 'KXETH15M' } };
    expect(seriesOf(emulated({}, [quarter])).map(({ ticker }) => ticker)).toEqual(['KXETH15M']);
  });

  test('jumps that are more than the volatility are refused wherever they stand', () => {
    expect(emulatorSettings.safeParse({ markets: { ETH: { jumpsPerDay: 10_000 } } }).success).toBe(false);
    const apart = { jumpsPerDay: 300, markets: { BTC: { annualisedVolatility: 0.2 } } };
    expect(emulatorSettings.safeParse(apart).success).toBe(true);
    expect(() => emulated(apart, [BTC])).toThrow('emulator.markets.BTC: jumps alone');
  });
});
