import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { from, lastValueFrom, toArray } from 'rxjs';
import type { VariancePath } from '../../../src/domain/events/forecast.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.ts';
import { minuteFeatures } from '../../../src/features/rows/minute-features.ts';
import type { MinuteRow } from '../../../src/features/rows/minute-row.ts';
import { barFeatures } from '../../../src/features/sets/bar-features.ts';
import { parseBackbone } from '../../../src/forecast/backbone/manifest.ts';
import { backboneForecaster } from '../../../src/forecast/serve/forecaster.ts';
import { tailOf } from '../../../src/maths/tail-of.ts';
import { varianceBetween } from '../../../src/maths/variance-between.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { readHistory } from '../../../src/tape/history.ts';
import { randomBars } from '../../features/bars.ts';
import { BTC } from '../../support/btc.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { handBackbone } from '../models.ts';

const shipped = () => parseBackbone(JSON.parse(readFileSync('models/backbone.json', 'utf8')));
const forecasts = (rows: readonly MinuteRow[], backbone = handBackbone()) =>
  lastValueFrom(from(rows).pipe(backboneForecaster(backbone).forecasts(tapeScheduler(0)), toArray()));
const rowOf = (values: (name: string) => number, warm = true): MinuteRow => ({
  kind: 'minuteRow',
  asset: 'BTC',
  at: Date.UTC(2026, 2, 10, 15) * 1_000,
  receivedAt: 3,
  values: Float64Array.from(barFeatures, ({ name }) => values(name)),
  inputs: new Float64Array(),
  window: new Float32Array(),
  windowReturns: 0,
  warm,
  bars: 1,
});

describe('backboneForecaster', () => {
  test('coefficients of a half on the last hour and the last day give their geometric mean', async () => {
    const [forecast] = await forecasts([
      rowOf((name) => (name === 'variance60' ? Math.log(4e-7) : Math.log(1e-7))),
    ]);
    for (const { minutes, logVariance } of forecast?.horizons ?? [])
      expect(logVariance).toBeCloseTo(Math.log(2e-7 * minutes), 9);
    const at = forecast?.at ?? 0;
    expect(varianceBetween(forecast?.path as VariancePath, at, at + 15 * MINUTE)).toBeCloseTo(15 * 2e-7, 15);
    expect(forecast?.annualisedVolatility).toBeCloseTo(Math.sqrt(2e-7 * 525_600), 9);
    expect(forecast).toMatchObject({ kind: 'forecast', model: 'backbone', receivedAt: 3 });
    expect(tailOf(forecast?.tails ?? [], 60)).toEqual({ nu: 4, scale: 0.7 });
    expect(forecast?.members).toEqual(
      forecast?.horizons.map(({ minutes }) => ({
        member: 'harX',
        minutes,
        logVariance: expect.closeTo(Math.log(2e-7), 9),
      })),
    );
  });

  test('jensen and settle scale variance, and a season ahead that is twice as busy doubles it', async () => {
    const calm = handBackbone();
    const hour = calm.season.weekday.map((_, minute) => (Math.floor(minute / 60) === 11 ? 2 : 1));
    const busy = {
      ...calm,
      season: { ...calm.season, weekday: hour },
      horizons: calm.horizons.map((horizon) => ({ ...horizon, jensen: 1.5, settle: 1.1 })),
    };
    // 15:00 UTC on that day is 11:00 in New York; the windows behind are before the busy hour but for a day's and a week's.
    const row = rowOf(() => Math.log(1e-7));
    const [[plain], [scaled]] = [await forecasts([row], calm), await forecasts([row], busy)];
    const ratio = (scaled?.horizons[0]?.logVariance ?? 0) - (plain?.horizons[0]?.logVariance ?? 0);
    expect(ratio).toBeCloseTo(Math.log(1.5 * 1.1 * 2) - 0.5 * Math.log(25 / 24), 9);
  });

  test('a row that is not warm gives no forecast', async () => {
    expect(await forecasts([rowOf(() => Number.NaN, false)])).toEqual([]);
  });

  test('on a fixed walk of 5 bp a minute it says what it said when this was written', async () => {
    const features = minuteFeatures(BTC);
    for (const bar of randomBars(42, 10_100)) features.digest(bar);
    const row = features.row();
    const backbone = handBackbone();
    const horizons = backbone.horizons.map((horizon, h) => ({
      ...horizon,
      coefficients: horizon.coefficients.map((_, i) => 0.01 * (1 + ((7 * i + h) % 9))),
    }));
    const [forecast] = await forecasts(row ? [row] : [], { ...backbone, horizons });
    const golden = [
      -13.823348371090532, -12.77440486885898, -12.041067678011117, -11.431033092662009, -10.654443004238187,
    ];
    expect(forecast?.horizons).toHaveLength(golden.length);
    for (const [h, { logVariance }] of (forecast?.horizons ?? []).entries())
      expect(logVariance).toBeCloseTo(golden[h] ?? 0, 11);
  });
});

describeData('backboneForecaster on recorded bars', () => {
  test('the shipped model gives 10 to 200 % a year at every minute of the days after its fit', async () => {
    const day = Date.UTC(2026, 4, 11) * 1_000;
    const bars = await readHistory(dataPath('btcusd', 'kraken-1m.csv.gz'), { from: day - 8 * DAY });
    const features = minuteFeatures(BTC);
    const rows = bars.flatMap((bar) => {
      if (bar.openAt >= day) return features.push(bar) ?? [];
      features.digest(bar);
      return [];
    });
    const all = await forecasts(rows, shipped());
    expect(all.length).toBeGreaterThan(0.97 * rows.length);
    expect(rows.length).toBeGreaterThan(4_000);
    const volatilities = all.map(({ annualisedVolatility }) => annualisedVolatility);
    expect(Math.min(...volatilities)).toBeGreaterThan(0.1);
    expect(Math.max(...volatilities)).toBeLessThan(2);
    for (const { at, path, horizons } of all)
      expect(varianceBetween(path, at, at + HOUR) / Math.exp(horizons[3]?.logVariance ?? 0)).toBeCloseTo(
        1,
        6,
      );
  });
});
