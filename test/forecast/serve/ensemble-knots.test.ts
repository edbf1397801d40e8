import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Tail } from '../../../src/domain/events/forecast.ts';
import { HOUR, MINUTE } from '../../../src/domain/time.ts';
import { harKnots, harReadings } from '../../../src/forecast/backbone/har-forecast.ts';
import { variancePath } from '../../../src/forecast/backbone/variance-path.ts';
import { MEMBER_MINUTES } from '../../../src/forecast/members/models-manifest.ts';
import type { EnsembleForecast } from '../../../src/forecast/serve/ensemble.ts';
import { ensembleKnots } from '../../../src/forecast/serve/ensemble-knots.ts';
import { seasonWindows, weekProfile } from '../../../src/maths/seasons.ts';
import { tailOf } from '../../../src/maths/tail-of.ts';
import { varianceBetween } from '../../../src/maths/variance-between.ts';
import { handFold, handRow } from '../hand-models.ts';
import { handBackbone } from '../models.ts';

const AT = Date.UTC(2026, 2, 10, 15) * 1_000;
const backbone = handBackbone();
const profile = weekProfile(backbone.season);
const seasons = seasonWindows(profile);
const row = handRow(AT, (name) => (name === 'variance60' ? -15 : -16.5));

const said = (
  ensemble: readonly number[],
  leader: EnsembleForecast['leader'] = 'ensemble',
  by = backbone,
): EnsembleForecast => {
  const logs = (values: readonly number[]) => Float64Array.from(values);
  return {
    at: AT,
    har: harReadings(by.horizons, seasons)(row.values, AT),
    logs: {
      harX: logs([-16, -16, -16, -16]),
      lightgbm: logs([0, 0, 0, 0]),
      patchtst: logs([0, 0, 0, 0]),
      ensemble: logs(ensemble),
    },
    leader,
    members: [],
    confidence: { disagreement: 0, outside: 0, drifted: 0, qlikeRatio: 1, value: 1 },
  };
};
const settled = handFold({
  horizons: handFold().horizons.map((horizon) => ({ ...horizon, logSettle: horizon.minutes / 100 })),
});
const knotsOf = (fold = handFold(), by = backbone) => ensembleKnots(fold, by).knotsOf;
const logs4 = (first: number): Float64Array => Float64Array.from([0, 1, 2, 3], (h) => first - h);
const logs = fc.array(fc.double({ min: -19, max: -12, noNaN: true }), { minLength: 4, maxLength: 4 });

describe('ensembleKnots', () => {
  test('a knot is the leader’s variance over its minutes, times what settles it', () => {
    const ours = knotsOf(settled)(said([-15, -15.5, -16, -17]));
    const theirs = knotsOf(settled)(said([-15, -15.5, -16, -17], 'harX'));
    for (const [h, minutes] of MEMBER_MINUTES.entries()) {
      const own = [-15, -15.5, -16, -17][h] as number;
      expect(ours[h]).toEqual({
        minutes,
        variance: expect.closeTo(minutes * Math.exp(own + minutes / 100), 15),
      });
      expect(theirs[h]).toEqual({
        minutes,
        variance: expect.closeTo(minutes * Math.exp(-16 + minutes / 100), 15),
      });
    }
  });

  test('the band is of the same moves over the same minutes as the knot; where there is none, nor has a knot', () => {
    const banded = { ...said([-15, -15.5, -16, -17]), band: { low: logs4(-17), high: logs4(-14) } };
    const knots = knotsOf(settled)(banded);
    for (const [h, minutes] of MEMBER_MINUTES.entries()) {
      const whole = Math.log(minutes) + minutes / 100;
      expect(knots[h]?.lowLogVariance).toBeCloseTo(-17 - h + whole, 12);
      expect(knots[h]?.highLogVariance).toBeCloseTo(-14 - h + whole, 12);
    }
    expect(knots[4]).not.toHaveProperty('lowLogVariance');
    for (const knot of knotsOf(settled)(said([-15, -15.5, -16, -17])))
      expect(Object.keys(knot)).toEqual(['minutes', 'variance']);
  });

  test('each horizon is settled by its own number, in whatever order the manifest lists them', () => {
    const turned = { horizons: [...settled.horizons].reverse() };
    const values = said([-15, -15.5, -16, -17]);
    expect(ensembleKnots(turned, backbone).knotsOf(values)).toEqual(knotsOf(settled)(values));
  });

  test('property: past the hour the ensemble goes on by what the backbone adds there, and never falls', () => {
    const theirs = harKnots(backbone.horizons, said([0, 0, 0, 0]).har);
    const [hour, last] = [theirs[3]?.variance ?? Number.NaN, theirs[4]?.variance ?? Number.NaN];
    expect(last).toBeGreaterThan(hour);
    fc.assert(
      fc.property(logs, (values) => {
        const knots = knotsOf()(said(values));
        expect(knots.map(({ minutes }) => minutes)).toEqual([5, 15, 30, 60, 120]);
        const added = (knots[4]?.variance ?? Number.NaN) - (knots[3]?.variance ?? Number.NaN);
        expect(added / (last - hour)).toBeCloseTo(1, 6);
      }),
    );
  });

  test('a backbone that expects less variance in two hours than in one adds none', () => {
    const falling = {
      ...backbone,
      horizons: backbone.horizons.map((horizon) =>
        horizon.minutes === 120 ? { ...horizon, intercept: -3 } : horizon,
      ),
    };
    const knots = knotsOf(handFold(), falling)(said([-16, -16, -16, -16], 'ensemble', falling));
    expect(knots[4]?.variance).toBe(knots[3]?.variance);
  });

  test('property: whatever the four horizons say, the path through the knots never falls', () => {
    fc.assert(
      fc.property(logs, (values) => {
        const path = variancePath(AT, knotsOf()(said(values)), profile);
        for (let minute = 0; minute < 180; minute++)
          expect(
            varianceBetween(path, AT + minute * MINUTE, AT + (minute + 1) * MINUTE),
          ).toBeGreaterThanOrEqual(0);
        expect(varianceBetween(path, AT, AT + HOUR)).toBeGreaterThan(0);
      }),
    );
  });

  test('the law of moves is the fold’s at its horizons and the backbone’s at spans that it has none for', () => {
    const tails = [
      { seconds: 60, nu: 2.5, scale: 0.5 },
      { seconds: 900, nu: 99, scale: 99 },
      { seconds: 7_200, nu: 30, scale: 0.98 },
    ];
    const fold = {
      horizons: handFold().horizons.map((horizon) => ({ ...horizon, nu: 3 + horizon.minutes / 10 })),
    };
    const merged = ensembleKnots(fold, { ...backbone, tails }).tails;
    const tail = (spanSeconds: number): Tail => tailOf(merged, spanSeconds);
    expect(tail(60)).toEqual({ nu: 2.5, scale: 0.5 });
    for (const minutes of MEMBER_MINUTES)
      expect(tail(minutes * 60)).toEqual({
        nu: expect.closeTo(3 + minutes / 10, 12),
        scale: expect.closeTo(0.7, 12),
      });
    expect(tail(7_200)).toEqual({ nu: 30, scale: 0.98 });
  });
});
