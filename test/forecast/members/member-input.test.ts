import { describe, expect, test } from '@jest/globals';
import { HOUR, MINUTE } from '../../../src/domain/time.ts';
import { newYorkMinuteOfWeek } from '../../../src/features/minute/new-york.ts';
import { harKnots } from '../../../src/forecast/backbone/har-forecast.ts';
import { memberInputs } from '../../../src/forecast/members/member-input.ts';
import { MEMBER_MINUTES } from '../../../src/forecast/members/models-manifest.ts';
import { weekProfile } from '../../../src/maths/seasons.ts';
import { random } from '../../support/random.ts';
import { handRow } from '../hand-models.ts';
import { handBackbone } from '../models.ts';

const AT = Date.UTC(2026, 2, 13, 14, 35) * 1_000;

/** A backbone with a season of its own, scales, and another sum of features at each horizon. */
const seasonal = () => {
  const made = handBackbone();
  return {
    ...made,
    season: {
      ...made.season,
      weekday: made.season.weekday.map((_, minute) => 1 + 0.5 * Math.sin(minute / 200)),
      hourOfWeek: made.season.hourOfWeek.map((_, hour) => 1 + (hour % 7) / 10),
    },
    horizons: made.horizons.map((horizon, h) => ({
      ...horizon,
      coefficients: horizon.coefficients.map((_, i) => 0.01 * (1 + ((3 * i + h) % 5))),
      hourOfWeek: horizon.hourOfWeek.map((_, hour) => hour / 500),
      jensen: 1.2,
      settle: 0.9,
    })),
  };
};
const row = (seed: number, at = AT) => {
  const { normal } = random(seed);
  return handRow(at, () => -16 + normal());
};

describe('memberInputs', () => {
  test('the backbone’s forecasts are those it prices by, less the scales', () => {
    const backbone = seasonal();
    const { harX, har } = memberInputs(backbone)(row(1));
    const knots = harKnots(backbone.horizons, har);
    for (const [h, minutes] of MEMBER_MINUTES.entries())
      expect(harX[h]).toBeCloseTo(Math.log((knots[h]?.variance ?? Number.NaN) / (minutes * 1.2 * 0.9)), 10);
  });

  test('seasons are the logs of the profile’s means over each window ahead and over the hour behind', () => {
    const backbone = seasonal();
    const profile = weekProfile(backbone.season);
    const { seasonAhead, seasonBehind } = memberInputs(backbone)(row(1));
    const logMean = (from: number, minutes: number): number => {
      const inside = Array.from(
        { length: minutes },
        (_, i) => profile[newYorkMinuteOfWeek(from + i * MINUTE)] as number,
      );
      return Math.log(inside.reduce((sum, each) => sum + each, 0) / minutes);
    };
    for (const [h, minutes] of MEMBER_MINUTES.entries())
      expect(seasonAhead[h]).toBeCloseTo(logMean(AT, minutes), 10);
    expect(seasonBehind).toBeCloseTo(logMean(AT - HOUR, 60), 10);
  });

  test('what is read at one row is not overwritten by the next', () => {
    const inputs = memberInputs(seasonal());
    const first = inputs(row(1));
    const kept = [...first.harX, ...first.seasonAhead, first.seasonBehind];
    inputs(row(2, AT + 7 * HOUR));
    expect([...first.harX, ...first.seasonAhead, first.seasonBehind]).toEqual(kept);
  });

  test('the row’s inputs, window and time are handed on', () => {
    const given = row(1);
    const { at, inputs, window, windowReturns } = memberInputs(handBackbone())(given);
    expect([at, inputs, window, windowReturns]).toEqual([AT, given.inputs, given.window, 512]);
  });

  test('horizons are found by their minutes, whatever else the backbone forecasts, and a missing one is refused', () => {
    const backbone = seasonal();
    const turned = { ...backbone, horizons: [...backbone.horizons].reverse() };
    const { har: _, ...same } = memberInputs(backbone)(row(1));
    expect(memberInputs(turned)(row(1))).toMatchObject(same);
    const lacking = { ...backbone, horizons: backbone.horizons.filter(({ minutes }) => minutes !== 30) };
    expect(() => memberInputs(lacking)).toThrow('the backbone must forecast 30 minutes');
  });
});
