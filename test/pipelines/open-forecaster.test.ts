import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { lastValueFrom, of } from 'rxjs';
import { loadBackbone } from '../../pipelines/load/load-backbone.ts';
import { openForecaster } from '../../pipelines/load/open-forecaster.ts';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import { DAY, MILLISECOND, type Micros } from '../../src/domain/time.ts';
import { backboneForecaster, type Forecaster } from '../../src/forecast/serve/forecaster.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { handRow } from '../forecast/hand-models.ts';
import { constantly } from '../forecast/members/linear-graphs.ts';
import { handBackbone } from '../forecast/models.ts';
import { writeModels } from '../forecast/write-models.ts';
import { BTC } from '../support/btc.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'test-'));
const at = (iso: string): Micros => Date.parse(iso) * MILLISECOND;

/** Folds until the first of January, February and March, which correct by 0.1, 0.2 and 0.3. */
const folds = [1, 2, 3].map((month) => ({
  name: `month-${month}`,
  trainedUntil: `2026-0${month}-01T00:00:00.000Z`,
  trees: constantly(new Array<number>(4).fill(month / 10)),
  sequence: null,
}));

/** What it says of one row, whose backbone is e^−16 a minute. */
async function forecastOf({ forecasts }: Forecaster): Promise<Forecast> {
  const clock = tapeScheduler(at('2026-06-01T00:00:00Z'));
  const forecast = lastValueFrom(of(handRow(clock.at, () => -16)).pipe(forecasts(clock)));
  await clock.settle();
  return forecast;
}
const correction = ({ horizons }: Forecast): number =>
  (horizons[1]?.logVariance ?? Number.NaN) - Math.log(15) + 16;

describe('openForecaster', () => {
  test('opens the newest fold that was trained before the time it is asked for', async () => {
    const { path: models } = writeModels(room(), [...folds].reverse());
    const cases: readonly (readonly [string, number])[] = [
      ['2026-01-01T00:00:00Z', 1],
      ['2026-01-31T23:59:59Z', 1],
      ['2026-02-01T00:00:00Z', 2],
      ['2027-01-01T00:00:00Z', 3],
    ];
    for (const [time, month] of cases) {
      const forecaster = await openForecaster(BTC, { models }, at(time));
      expect(forecaster.describe).toContain(`fold month-${month}, trained until 2026-0${month}-01`);
      const forecast = await forecastOf(forecaster);
      expect(forecast.model).toBe('ensemble');
      expect(correction(forecast)).toBeCloseTo(month / 10, 6);
    }
  });

  test('refuses when every fold has seen later data, with the time and the ways out', async () => {
    const { path: models } = writeModels(room(), folds);
    await expect(openForecaster(BTC, { models }, at('2026-01-01T00:00:00Z') - 1)).rejects.toThrow(
      /^models: every fold has seen data after 2025-12-31T23:59:59\.999Z, .*train one until then, choose --model, or run with --fallback$/,
    );
  });

  test('falls back only when asked, and then says why once and that it is one in every forecast', async () => {
    const broken = writeModels(room(), folds);
    appendFileSync(join(broken.path, '..', 'month-3', 'lightgbm.onnx'), '!');
    const cases: readonly (readonly [string, Micros, RegExp])[] = [
      [join(root, 'nowhere.json'), at('2026-06-01T00:00:00Z'), /there is no .*nowhere\.json/],
      [writeModels(room(), folds).path, 0, /every fold has seen data after 1970/],
      [broken.path, at('2026-06-01T00:00:00Z'), /lightgbm\.onnx is not the file that the manifest means/],
    ];
    for (const [models, time, why] of cases) {
      await expect(openForecaster(BTC, { models }, time)).rejects.toThrow(why);
      await expect(openForecaster(BTC, { models, fallback: false }, time)).rejects.toThrow(why);
      const forecaster = await openForecaster(BTC, { models, fallback: true }, time);
      expect(forecaster.describe).toMatch(/^FALLBACK /);
      expect(forecaster.describe).toMatch(why);
      const forecast = await forecastOf(forecaster);
      expect(forecast.model).toBe('fallback');
      const alone = await forecastOf(backboneForecaster(loadBackbone()));
      expect(forecast.horizons).toEqual(alone.horizons);
    }
  });

  test('an older fold that is whole serves though a newer one is broken', async () => {
    const { path: models } = writeModels(room(), folds);
    appendFileSync(join(models, '..', 'month-3', 'lightgbm.onnx'), '!');
    const forecaster = await openForecaster(BTC, { models }, at('2026-02-15T00:00:00Z'));
    expect(forecaster.describe).toContain('fold month-2');
  });

  test('models that can be used are used, with --fallback too', async () => {
    const { path: models } = writeModels(room(), folds);
    const forecaster = await openForecaster(BTC, { models, fallback: true }, at('2026-06-01T00:00:00Z'));
    expect((await forecastOf(forecaster)).model).toBe('ensemble');
  });

  test('a backbone that was chosen forecasts alone and is no fallback, whatever the models are like', async () => {
    const model = join(room(), 'backbone.json');
    writeFileSync(model, JSON.stringify(handBackbone()));
    const forecaster = await openForecaster(
      BTC,
      { model, models: join(root, 'nowhere.json'), fallback: true },
      0,
    );
    expect(forecaster.describe).toBe('backbone: HAR-X with season');
    const forecast = await forecastOf(forecaster);
    expect(forecast.model).toBe('backbone');
    expect(correction(forecast)).toBeCloseTo(0, 9);
    await expect(
      openForecaster(BTC, { model: join(root, 'no-backbone.json'), fallback: true }, 5 * DAY),
    ).rejects.toThrow(/^backbone: there is no /);
  });
});
