import { describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import { loadBackbone } from '../../pipelines/load/load-backbone.ts';
import { demoSettings } from '../../src/config/demo-settings.ts';
import type { Asset } from '../../src/domain/asset.ts';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import { MINUTE, type Micros } from '../../src/domain/time.ts';
import { emulatedAssets } from '../../src/emulator/emulated-asset.ts';
import { warmStart } from '../../src/emulator/world/warm-start.ts';
import { minuteFeatures } from '../../src/features/rows/minute-features.ts';
import type { MinuteRow } from '../../src/features/rows/minute-row.ts';
import { backboneForecaster } from '../../src/forecast/serve/forecaster.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';

const asset = demoSettings.assets[0] as Asset;
const WEEK = 10_080;
const HOUR_MINUTES = 60;
const { season: _, ...stylised } = demoSettings.emulator.markets['BTC'] ?? {};

/** The minute of the day of the demo's start, in UTC. */
const OPENS = (Date.parse(demoSettings.emulator.startAt) / 60_000) % 1_440;
const minuteOfDay = (at: Micros): number => (at / MINUTE) % 1_440;
const isWeekday = (at: Micros): boolean => new Date(at / 1_000).getUTCDay() % 6 !== 0;

/**
 * Realised variance over what the shipped backbone forecast, by minutes ahead: the mean over a forecast each
 * quarter of the demo's hour, on every weekday of `weeks` weeks of one path of prices, without books or sockets.
 */
function realisedOverForecast(
  market: (typeof demoSettings.emulator.markets)[string],
  weeks: number,
): Readonly<Record<15 | 60, number>> {
  const emulator = {
    ...demoSettings.emulator,
    markets: { BTC: market },
    seed: 'openings',
    historyMinutes: (weeks + 1) * WEEK + HOUR_MINUTES,
  };
  const bars = warmStart(emulator, emulatedAssets(emulator, [asset]))[0]?.bars ?? [];
  const squares = bars.map(({ close }, i) => Math.log(close / (bars[i - 1]?.close ?? close)) ** 2);
  const features = minuteFeatures(asset);
  const row$ = new Subject<MinuteRow>();
  let made: Forecast | undefined;
  const running = row$
    .pipe(backboneForecaster(loadBackbone()).forecasts(tapeScheduler(0)))
    .subscribe((forecast) => {
      made = forecast;
    });
  const ratios = { 15: [] as number[], 60: [] as number[] };
  for (const [i, bar] of bars.entries()) {
    features.digest(bar);
    const at = bar.openAt + MINUTE;
    const into = minuteOfDay(at) - OPENS;
    const complete = i > WEEK && i < bars.length - HOUR_MINUTES;
    if (!complete || !isWeekday(at) || into < 0 || into > 45 || into % 15 !== 0) continue;
    row$.next(features.row(at) as MinuteRow);
    for (const minutes of [15, 60] as const) {
      const realised = squares.slice(i + 1, i + 1 + minutes).reduce((sum, square) => sum + square, 0);
      ratios[minutes].push(realised / (made?.path.cumulative[minutes] as number));
    }
  }
  running.unsubscribe();
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return { 15: mean(ratios[15]), 60: mean(ratios[60]) };
}

describe("the demo's market", () => {
  test('is one that the shipped model forecasts about right over many openings, which the stylised week is not', () => {
    const demo = realisedOverForecast(demoSettings.emulator.markets['BTC'] ?? {}, 2);
    for (const minutes of [15, 60] as const) {
      expect(demo[minutes]).toBeGreaterThan(0.75);
      expect(demo[minutes]).toBeLessThan(1.35);
    }
    expect(realisedOverForecast(stylised, 1)[60]).toBeLessThan(0.65);
  });
});
