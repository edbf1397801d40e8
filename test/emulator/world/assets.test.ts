import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { assetsSetting, knownAssets } from '../../../src/config/assets.ts';
import type { Asset } from '../../../src/domain/asset.ts';
import type { WireFrame } from '../../../src/domain/frame.ts';
import { emulatedAssets } from '../../../src/emulator/emulated-asset.ts';
import type { KalshiEmission } from '../../../src/emulator/kalshi/public/emission.ts';
import type { KrakenEmission } from '../../../src/emulator/kraken/emission.ts';
import { emulatorSettings } from '../../../src/emulator/settings.ts';
import { emulatedFrames } from '../../../src/emulator/world/generate.ts';
import { warmStart } from '../../../src/emulator/world/warm-start.ts';
import { emulatedWorld, type WorldStep } from '../../../src/emulator/world/world.ts';
import { BTC, DOGE, ETH } from '../../support/assets.ts';

// Ninety seconds, with a quarter's close in them.
const SETTINGS = emulatorSettings.parse({
  startAt: '2026-06-01T13:44:00Z',
  spanMinutes: 2,
  historyMinutes: 30,
  strikes: 2,
  fiveHertz: true,
});
const STEPS = 900;

const take = (assets: readonly Asset[], count = STEPS): readonly WorldStep[] => {
  const steps = emulatedWorld(SETTINGS, assets).steps();
  return Array.from({ length: count + 1 }, () => steps.next().value as WorldStep);
};
const krakenOf = (steps: readonly WorldStep[], symbol: string): readonly KrakenEmission[] =>
  steps.flatMap(({ kraken }) => kraken.filter((said) => 'symbol' in said && said.symbol === symbol));
const isOf = (said: KalshiEmission, { name, indexId }: Asset): boolean =>
  ('contract' in said && said.contract.asset === name) || ('index' in said && said.index.indexId === indexId);
const kalshiOf = (steps: readonly WorldStep[], asset: Asset): readonly KalshiEmission[] =>
  steps.flatMap(({ kalshi }) => kalshi.filter((said) => isOf(said, asset)));
const sha256 = (frames: Iterable<WireFrame>): string => {
  const hash = createHash('sha256');
  for (const { at, venue, text } of frames) hash.update(`${at}\t${venue}\t${text}\n`);
  return hash.digest('hex');
};

describe('a world of one asset', () => {
  test('says what recordings and other tests rest on, to the byte', () => {
    const settings = emulatorSettings.parse({ seed: 'x', spanMinutes: 2 });
    expect(sha256(emulatedFrames(settings, [BTC]))).toBe(
      'dd11367c91ac526e6185ddd478df0158e55a4b3b8c5fea8811a28a2be950baa9',
    );
  });
});

describe('a world of several assets', () => {
  const alone = take([BTC]);
  const both = take([BTC, ETH]);
  const three = take([BTC, ETH, DOGE]);

  test('the first asset’s markets are what they are without the others, and a later one’s without those after it', () => {
    expect(krakenOf(both, 'BTC/USD')).toEqual(krakenOf(alone, 'BTC/USD'));
    expect(kalshiOf(both, BTC)).toEqual(kalshiOf(alone, BTC));
    expect(krakenOf(three, 'ETH/USD')).toEqual(krakenOf(both, 'ETH/USD'));
    expect(kalshiOf(three, ETH)).toEqual(kalshiOf(both, ETH));
    for (const asset of [BTC, ETH, DOGE]) {
      expect(krakenOf(three, asset.spot.kraken ?? '').length).toBeGreaterThan(1_000);
      expect(kalshiOf(three, asset).length).toBeGreaterThan(1_000);
    }
  });

  test('its frames are those of the first asset alone and others beside them, but for what counts or lists all markets', () => {
    // Sequence numbers run over a subscription's markets; receipt times are drawn frame by frame; the instrument channel and acknowledgements list all.
    const texts = (assets: readonly Asset[]): readonly string[] =>
      [...emulatedFrames(SETTINGS, assets)]
        .map(({ text }) => text.replace(/"seq":\d+,/, ''))
        .filter((text) => !text.startsWith('{"type":"ok"') && !text.startsWith('{"channel":"instrument"'));
    const more = new Map<string, number>();
    for (const text of texts([BTC, ETH])) more.set(text, (more.get(text) ?? 0) + 1);
    const missing: string[] = [];
    for (const text of texts([BTC])) {
      const left = more.get(text) ?? 0;
      if (left === 0) missing.push(text);
      else more.set(text, left - 1);
    }
    // At the end a frame may be received within the session in one world and after it in the other.
    expect(missing.length).toBeLessThan(20);
    const others = [...more].filter(([text, count]) => count > 0 && !text.includes('ETH'));
    expect(others.length).toBeLessThan(20);
  });

  test('what is said in a step is in order of time over all assets', () => {
    for (const { kraken, kalshi } of three)
      for (const said of [kraken, kalshi])
        expect(said.filter(({ at }, i) => at < (said[i - 1]?.at ?? 0))).toEqual([]);
  });

  test('the connection’s lists name the markets of all assets', () => {
    const lists = three.flatMap(({ kalshi }) =>
      kalshi.flatMap((said) => (said.kind === 'ok' ? [said.tickers] : [])),
    );
    expect(lists.length).toBeGreaterThan(0);
    for (const list of lists)
      for (const series of ['KXBTC-', 'KXBTCD-', 'KXETH-', 'KXETHD-', 'KXDOGE-', 'KXDOGED-'])
        expect(list.filter((ticker) => ticker.startsWith(series)).length).toBeGreaterThanOrEqual(2);
    expect(three.flatMap(({ kalshi }) => kalshi.filter(({ kind }) => kind === 'subscribed'))).toHaveLength(6);
  });

  test.each([
    ['BTC', BTC, 2, 80_000],
    ['ETH', ETH, 2, 2_500],
    ['DOGE', DOGE, 7, 0.02],
  ] as const)(
    '%s has its own index, decimals, strikes and settlement value',
    (_, asset, decimals, dollars) => {
      const said = kalshiOf(three, asset);
      const closeAt = Date.parse('2026-06-01T13:45:00Z') * 1_000;
      const prints = said.flatMap((each) => (each.kind === 'print' ? [each] : []));
      for (const { index } of prints) {
        expect(index).toMatchObject({ indexId: asset.indexId, indexDecimals: decimals });
        expect(Math.abs(index.valueUnits / 10 ** decimals / dollars - 1)).toBeLessThan(0.02);
      }
      const last = prints.flatMap(({ second, index }) => (second < closeAt / 1e6 ? [index.valueUnits] : []));
      expect(last).toHaveLength(60);
      const value = Math.floor((2 * last.reduce((sum, units) => sum + units, 0) + 60) / 120);
      const determined = said.flatMap((each) => (each.kind === 'determined' ? [each] : []));
      expect(determined).toMatchObject([
        { valueUnits: value, contract: { series: asset.series.quarterHour, indexDecimals: decimals } },
      ]);
      expect(said).toContainEqual(
        expect.objectContaining({
          kind: 'metadata',
          contract: expect.objectContaining({ openAt: closeAt, floorUnits: value }),
        }),
      );
    },
  );
});

describe('correlation of prices', () => {
  const returns = (
    correlation: number,
    assets: readonly Asset[] = [BTC, ETH, DOGE],
    minutes = 3 * 1_440,
  ): readonly (readonly number[])[] => {
    const settings = emulatorSettings.parse({ historyMinutes: minutes, correlation });
    return warmStart(settings, emulatedAssets(settings, assets)).map(({ bars }) =>
      bars.map(({ open, close }) => Math.log(close / open)),
    );
  };
  const correlated = (xs: readonly number[], ys: readonly number[]): number => {
    let [xx, yy, xy] = [0, 0, 0];
    xs.forEach((x, i) => {
      const y = ys[i] ?? Number.NaN;
      xx += x * x;
      yy += y * y;
      xy += x * y;
    });
    return xy / Math.sqrt(xx * yy);
  };

  test.each([0, 0.5, 0.8])('at %d any two assets’ minutes have about it', (correlation) => {
    const [btc = [], eth = [], doge = []] = returns(correlation);
    for (const found of [correlated(btc, eth), correlated(btc, doge), correlated(eth, doge)])
      expect(Math.abs(found - correlation)).toBeLessThan(0.08);
  });

  test('all coins that are known by name move together two by two, and the first is what it is alone', () => {
    const known = assetsSetting.parse(knownAssets) as readonly Asset[];
    const all = returns(0.8, known, 1_440);
    for (const [i, one] of all.entries())
      for (const other of all.slice(i + 1)) expect(Math.abs(correlated(one, other) - 0.8)).toBeLessThan(0.1);
    expect(all[0]).toEqual(returns(0.8, known.slice(0, 1), 1_440)[0]);
  });

  test('volatility and jumps of an asset that follows are its own', () => {
    const [btc = [], eth = []] = returns(0.8);
    const yearly = (xs: readonly number[]): number =>
      Math.sqrt((xs.reduce((sum, x) => sum + x * x, 0) / xs.length) * 525_600);
    expect(yearly(eth) / yearly(btc)).toBeGreaterThan(1.15);
    expect(yearly(eth) / yearly(btc)).toBeLessThan(1.9);
  });
});
