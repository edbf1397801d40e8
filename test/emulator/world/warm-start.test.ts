import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { emulatedAssets } from '../../../src/emulator/emulated-asset.ts';
import { type EmulatorSettings, emulatorSettings } from '../../../src/emulator/settings.ts';
import { priceProcess } from '../../../src/emulator/world/price-process.ts';
import { randomOf } from '../../../src/emulator/world/random.ts';
import { season } from '../../../src/emulator/world/season.ts';
import { leadingShocks } from '../../../src/emulator/world/shocks.ts';
import { type WarmStart, warmStart } from '../../../src/emulator/world/warm-start.ts';
import { BTC, ETH } from '../../support/assets.ts';
import { emulatedBtc } from '../assets.ts';

const settings = emulatorSettings.parse({});
const startAt = Date.parse(settings.startAt) * 1_000;

const started = (settings: EmulatorSettings): WarmStart =>
  warmStart(settings, emulatedAssets(settings, [BTC]))[0] as WarmStart;

describe('warmStart', () => {
  const { bars, process, prints } = started(settings);

  test('a week and more of closed minutes leads up to the start without a hole', () => {
    expect(bars.length).toBeGreaterThanOrEqual(10_100);
    expect(bars.every(({ openAt }, i) => openAt === startAt - (bars.length - i) * MINUTE)).toBe(true);
  });

  test('each bar opens where the last one closed, and its range holds both', () => {
    const wrong = bars.filter(({ open, high, low, close, volume }, i) => {
      const inside = low <= Math.min(open, close) && high >= Math.max(open, close) && volume > 0;
      return !inside || (i > 0 && open !== bars[i - 1]?.close);
    });
    expect(wrong).toEqual([]);
  });

  test('the price arrives at the one asked for, with the prints of the last quarter-hour behind it', () => {
    expect(Math.exp(process.logPrice())).toBeCloseTo(emulatedBtc.startDollars, 6);
    expect(bars.at(-1)?.close).toBe(emulatedBtc.startDollars);
    const last = prints.sum(startAt / SECOND - 1, startAt / SECOND);
    expect(Math.abs(last / 100 - emulatedBtc.startDollars)).toBeLessThan(200);
    expect(() => prints.sum(startAt / SECOND - 960, startAt / SECOND)).not.toThrow();
  });

  test('the price path does not depend on how venues are emulated', () => {
    const short = { ...settings, historyMinutes: 30 };
    expect(started({ ...short, density: 3, strikes: 20, krakenDepth: 25 }).bars).toEqual(started(short).bars);
  });
});

describe('priceProcess', () => {
  test('over four weeks its yearly deviation is the one asked for, jumps included', () => {
    let sum = 0;
    let minutes = 0;
    for (const seed of ['a', 'b', 'c', 'd']) {
      const { bars } = started({ ...settings, seed, historyMinutes: 10_080, jumpDeviation: 0.004 });
      for (const { open, close } of bars) sum += Math.log(close / open) ** 2;
      minutes += bars.length;
    }
    const annualised = Math.sqrt((sum / minutes) * 525_600);
    expect(annualised).toBeGreaterThan(0.38);
    expect(annualised).toBeLessThan(0.52);
  });

  test('the variance that it expects is the variance that comes, after quiet and after busy times', () => {
    const quiet = { expected: 0, realised: 0 };
    const busy = { expected: 0, realised: 0 };
    for (let n = 0; n < 300; n++) {
      const process = priceProcess(emulatedBtc, leadingShocks(randomOf(`path ${n}`)));
      const sums = process.activity(startAt) < season(startAt) ? quiet : busy;
      sums.expected += process.expectedVariance(startAt, startAt + 15 * MINUTE);
      for (let s = 0; s < 900; s++) {
        const before = process.logPrice();
        process.advance(startAt + s * SECOND, SECOND);
        sums.realised += (process.logPrice() - before) ** 2;
      }
    }
    for (const { expected, realised } of [quiet, busy]) {
      expect(realised / expected).toBeGreaterThan(0.85);
      expect(realised / expected).toBeLessThan(1.15);
    }
  });

  test('settings whose jumps alone exceed the volatility are refused', () => {
    expect(emulatorSettings.safeParse({ jumpsPerDay: 10_000 }).success).toBe(false);
    expect(emulatorSettings.safeParse({ startAt: '2026-06-01T13:30:30Z' }).success).toBe(false);
  });
});

describe('season', () => {
  test('its mean over a week is 1, and the opening bell multiplies variance by four', () => {
    const monday = Date.parse('2026-06-01T04:00:00Z') * 1_000;
    let sum = 0;
    for (let minute = 0; minute < 10_080; minute++) sum += season(monday + minute * MINUTE);
    expect(sum / 10_080).toBeCloseTo(1, 10);
    const bell = Date.parse('2026-06-01T13:30:00Z') * 1_000;
    expect(season(bell) / season(bell - MINUTE)).toBeCloseTo(4, 1);
  });

  test("the modelled week has a mean of 1 too, and an asset's market may choose it alone", () => {
    const monday = Date.parse('2026-06-01T04:00:00Z') * 1_000;
    let sum = 0;
    for (let minute = 0; minute < 10_080; minute++) sum += season(monday + minute * MINUTE, 'modelled');
    expect(sum / 10_080).toBeCloseTo(1, 10);
    const seasons = (given: object) =>
      emulatedAssets(emulatorSettings.parse(given), [BTC, ETH]).map(({ season: name }) => name);
    expect(seasons({})).toEqual(['stylised', 'stylised']);
    expect(seasons({ season: 'modelled' })).toEqual(['modelled', 'stylised']);
    expect(seasons({ markets: { ETH: { season: 'modelled' } } })).toEqual(['stylised', 'modelled']);
    const modelled = { ...emulatedBtc, season: 'modelled' as const };
    const night = monday + 2 * 60 * MINUTE;
    const ratio = (at: number): number => {
      const [one, other] = [modelled, emulatedBtc].map((market) =>
        priceProcess(market, leadingShocks(randomOf('a week'))).activity(at),
      );
      return (one as number) / (other as number);
    };
    expect(ratio(night)).toBeCloseTo(season(night, 'modelled') / season(night), 10);
  });
});
