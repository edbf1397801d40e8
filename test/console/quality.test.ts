import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quality } from '../../src/console/quality.ts';
import type { FeatureRow } from '../../src/domain/events/features.ts';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { barFeatures } from '../../src/features/sets/bar-features.ts';
import '../support/properties.ts';
import { minutesOf } from '../support/variance-paths.ts';

const AT = Date.UTC(2026, 5, 1, 14) * 1_000;
const HORIZON = 15;
/** The band and the settling forecast are in logs of the variance of 15 minutes of an index, all larger by this. */
const SCALE = Math.log(HORIZON) + 0.2;

interface Said {
  readonly base: number;
  readonly ours: number | null;
  readonly realised: number | null;
}

const forecastAt = (at: number, { base, ours }: Said): Forecast => ({
  kind: 'forecast',
  asset: 'BTC',
  at,
  receivedAt: at,
  model: 'ensemble',
  horizons: [
    {
      minutes: HORIZON,
      logVariance: (ours ?? 0) + SCALE,
      lowLogVariance: (ours ?? 0) - 0.5 + SCALE,
      highLogVariance: (ours ?? 0) + 0.5 + SCALE,
    },
  ],
  path: minutesOf(at, 60, () => 1e-7),
  tails: [{ seconds: 60, nu: 4, scale: 1 }],
  annualisedVolatility: 0.4,
  members: [
    { member: 'harX', minutes: HORIZON, logVariance: base },
    { member: 'ensemble', minutes: HORIZON, logVariance: ours },
  ],
});
const rowAt = (at: number, realised: number | null): FeatureRow => ({
  kind: 'featureRow',
  asset: 'BTC',
  at,
  receivedAt: at,
  values: barFeatures.map(({ name }) => (name === `variance${HORIZON}` ? realised : -99)),
  inputs: [],
  warm: true,
  bars: 20_000,
});
const log = fc.double({ min: -18, max: -12, noNaN: true });
const loss = (realised: number, log: number): number => Math.exp(realised - log) - (realised - log) - 1;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('quality', () => {
  test('property: every fifth minute’s forecast is scored by what the next fifteen minutes realised', () => {
    const said = fc.record({
      base: log,
      ours: fc.option(log, { freq: 6 }),
      realised: fc.option(log, { freq: 6 }),
    });
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 40 }), (origins) => {
        const scores = quality();
        for (let minute = 0; minute < 5 * origins.length + HORIZON; minute++) {
          const at = AT + minute * MINUTE;
          const made = origins[(minute - HORIZON) / 5];
          scores.row(rowAt(at, made ? made.realised : -15));
          const next = origins[minute / 5];
          scores.forecast(forecastAt(at, next ?? { base: -50, ours: -50, realised: null }));
        }
        scores.row(
          rowAt(AT + (5 * (origins.length - 1) + HORIZON) * MINUTE, origins.at(-1)?.realised ?? null),
        );
        const read = scores.read() ?? [];
        const known = origins.flatMap(({ base, ours, realised }) =>
          realised === null ? [] : [{ base, ours, realised }],
        );
        const both = known.flatMap(({ base, ours, realised }) =>
          ours === null ? [] : [{ base, ours, realised }],
        );
        const of = (member: string) => read.find((each) => each.member === member);
        expect(of('harX')?.count ?? 0).toBe(known.length);
        expect(of('ensemble')?.count ?? 0).toBe(both.length);
        if (both.length === 0) return;
        const mine = sum(both.map(({ ours, realised }) => loss(realised, ours)));
        const theirs = sum(both.map(({ base, realised }) => loss(realised, base)));
        expect(of('ensemble')?.qlike).toBeCloseTo(mine / both.length, 9);
        expect(of('ensemble')?.ratio).toBeCloseTo(mine / theirs, 6);
        expect(of('ensemble')?.coverage).toBeCloseTo(
          both.filter(({ ours, realised }) => Math.abs(realised - ours) <= 0.5).length / both.length,
          9,
        );
        expect(of('harX')).toMatchObject({ ratio: 1, coverage: null });
      }),
      { numRuns: 40 },
    );
  });

  test('forecasts of the seconds between two minutes, and of the minutes between two fives, are not scored', () => {
    const scores = quality();
    const made = forecastAt(AT, { base: -15, ours: -15, realised: -15 });
    scores.forecast({ ...made, at: AT + 1_000_000 });
    // A nowcast at a whole five minutes is the forecast of an earlier minute all the same.
    scores.forecast({ ...made, at: AT + 5 * MINUTE });
    scores.forecast(forecastAt(AT + MINUTE, { base: -15, ours: -15, realised: -15 }));
    for (let minute = 0; minute <= 30; minute++) scores.row(rowAt(AT + minute * MINUTE, -15));
    expect(scores.read()).toBeUndefined();
  });

  test('means forget what is older than a day of outcomes', () => {
    const scores = quality();
    for (let five = 0; five < 400; five++) {
      const at = AT + five * 5 * MINUTE;
      scores.row(rowAt(at, -15));
      scores.forecast(forecastAt(at, { base: -15, ours: five < 100 ? -12 : -15, realised: -15 }));
    }
    expect(scores.read()?.find(({ member }) => member === 'ensemble')).toMatchObject({
      count: 288,
      qlike: 0,
    });
  });
});
