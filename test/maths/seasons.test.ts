import { describe, expect, test } from '@jest/globals';
import { fitWeekSeason, seasonWindows, weekProfile } from '../../src/maths/seasons.ts';
import { random } from '../support/random.ts';

const WEEK = 10_080;
const shape = (minute: number): number => {
  const ofDay = minute % 1_440;
  const busy = minute < 7_200 && ofDay >= 570 && ofDay < 630 ? 4 : 1;
  return busy * (minute >= 7_200 ? 0.5 : 1) * (1.2 + Math.sin((2 * Math.PI * ofDay) / 1_440));
};

describe('fitWeekSeason', () => {
  const { normal } = random(9);
  const weeks = 60;
  const squares = Float64Array.from(
    { length: weeks * WEEK },
    (_, i) => 1e-7 * shape(i % WEEK) * normal() ** 2,
  );
  const season = fitWeekSeason(squares, new Uint8Array(squares.length).fill(1), (i) => i % WEEK);
  const profile = weekProfile(season);

  test('its profile has mean 1', () => {
    expect(profile.reduce((sum, value) => sum + value, 0) / WEEK).toBeCloseTo(1, 12);
  });

  test('it recovers the hours of a known season and keeps the edge of a burst', () => {
    const mean = (from: number, to: number, of: (minute: number) => number): number => {
      let sum = 0;
      for (let i = from; i < to; i++) sum += of(i);
      return sum / (to - from);
    };
    // Levels are relative to the day around a minute, so weekdays are compared with each other.
    const expected = mean(1_440, 2_880, shape);
    const found = mean(1_440, 2_880, (i) => profile[i] ?? 0);
    for (const hour of [3, 9, 14, 20]) {
      const from = 1_440 + hour * 60;
      const ratio = mean(from, from + 60, (i) => profile[i] ?? 0) / found;
      expect(Math.abs(ratio / (mean(from, from + 60, shape) / expected) - 1)).toBeLessThan(0.08);
    }
    expect((profile[1_440 + 571] ?? 0) / (profile[1_440 + 566] ?? 1)).toBeGreaterThan(2.2);
  });

  test('windows ahead and behind are means of the profile and wrap at the end of the week', () => {
    const { logMeanAhead, logMeanBehind } = seasonWindows(profile);
    const around = [10_078, 10_079, 0, 1].map((i) => profile[i] ?? 0);
    const mean = around.reduce((sum, value) => sum + value, 0) / 4;
    expect(logMeanAhead(10_078, 4)).toBeCloseTo(Math.log(mean), 9);
    expect(logMeanBehind(2, 4)).toBeCloseTo(Math.log(mean), 9);
    expect(logMeanBehind(77, WEEK)).toBeCloseTo(0, 9);
  });

  test('a history too short to see every minute throws', () => {
    expect(() =>
      fitWeekSeason(new Float64Array(3_000).fill(1e-7), new Uint8Array(3_000).fill(1), (i) => i),
    ).toThrow('seasons: every minute of the day needs returns on weekdays and weekends');
  });
});
