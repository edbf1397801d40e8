import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quantileBand } from '../../../src/forecast/serve/quantile-band.ts';
import { handFold } from '../hand-models.ts';

const withBand = (low: number, high: number) =>
  handFold().horizons.map((horizon, h) => ({ ...horizon, band: { low: low - h, high: high + h } }));
const logs = fc
  .array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 4, maxLength: 4 })
  .map((values) => Float64Array.from(values));
const constant = fc.double({ min: -5, max: 5, noNaN: true });

describe('quantileBand', () => {
  test('is the backbone’s forecast plus the quantile plus the constant of its end and horizon', () => {
    const band = quantileBand(withBand(-0.1, 0.2))?.(Float64Array.of(-16, -15, -14, -13), {
      low: Float64Array.of(-1, -2, -3, -4),
      high: Float64Array.of(1, 2, 3, 4),
    });
    for (const [h, value] of [-17.1, -18.1, -19.1, -20.1].entries())
      expect(band?.low[h]).toBeCloseTo(value, 12);
    for (const [h, value] of [-14.8, -11.8, -8.8, -5.8].entries())
      expect(band?.high[h]).toBeCloseTo(value, 12);
  });

  test('property: low is never above high, and ends that cross meet at their mean', () => {
    fc.assert(
      fc.property(logs, logs, logs, constant, constant, (harX, low, high, below, above) => {
        const band = quantileBand(withBand(below, above))?.(harX, { low, high });
        for (let h = 0; h < 4; h++) {
          const base = harX[h] as number;
          const [a, b] = [base + (low[h] as number) + below - h, base + (high[h] as number) + above + h];
          const [from, to] = [band?.low[h] as number, band?.high[h] as number];
          expect(from).toBeLessThanOrEqual(to);
          expect(from + to).toBeCloseTo(a + b, 9);
          if (a > b) expect(from).toBe(to);
          else expect(to - from).toBeCloseTo(b - a, 9);
        }
      }),
    );
  });

  test('horizons without constants have none, even if only one lacks them', () => {
    expect(quantileBand(handFold().horizons)).toBeUndefined();
    const [first, ...others] = withBand(0, 0);
    const { band: _, ...bare } = first as NonNullable<typeof first>;
    expect(quantileBand([bare, ...others])).toBeUndefined();
  });
});
