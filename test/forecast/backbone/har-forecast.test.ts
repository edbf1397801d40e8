import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadBackbone } from '../../../pipelines/load/load-backbone.ts';
import { HAR_COLUMNS, harDesign, harLogForecast } from '../../../src/forecast/backbone/har.ts';
import { harKnots, harReadings } from '../../../src/forecast/backbone/har-forecast.ts';
import { seasonWindows, weekProfile } from '../../../src/maths/seasons.ts';
import { random } from '../../support/random.ts';
import { handRow } from '../hand-models.ts';

const backbone = loadBackbone();
const seasons = seasonWindows(weekProfile(backbone.season));
const read = harReadings(backbone.horizons, seasons);

describe('harReadings', () => {
  test('property: all horizons at once are each horizon alone, bit for bit, and so are the knots', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 0, max: 20_160 }), (seed, minute) => {
        const { normal } = random(seed);
        const at = Date.UTC(2026, 2, 1) * 1_000 + minute * 60_000_000;
        const { values } = handRow(at, () => -16 + normal());
        const reading = read(values, at);
        const knots = harKnots(backbone.horizons, reading);
        for (const [h, model] of backbone.horizons.entries()) {
          const design = new Float64Array(HAR_COLUMNS);
          const hour = harDesign(values, at, model.minutes, seasons, design);
          const log = harLogForecast(model, design, hour);
          expect(reading.logs[h]).toBe(log);
          expect(knots[h]).toEqual({
            minutes: model.minutes,
            variance: Math.exp(log) * model.jensen * model.settle * model.minutes,
          });
        }
      }),
      { numRuns: 60 },
    );
  });
});
