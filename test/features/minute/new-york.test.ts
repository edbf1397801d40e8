import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE } from '../../../src/domain/time.ts';
import { newYorkMinuteOfWeek, newYorkOffsetMinutes } from '../../../src/features/minute/new-york.ts';
import { newYorkClock } from '../sets/bars-oracle.ts';

const byIntl = (at: number): number => {
  const { day, hour, minute } = newYorkClock(at);
  return day * 1_440 + hour * 60 + minute;
};
const utc = (...date: Parameters<typeof Date.UTC>): number => Date.UTC(...date) * 1_000;

describe('newYorkMinuteOfWeek', () => {
  test('property: it is what Intl says, from 2007 to 2037', () => {
    fc.assert(
      fc.property(fc.integer({ min: utc(2007, 2, 12), max: utc(2037, 11, 31) }), (at) => {
        expect(newYorkMinuteOfWeek(at)).toBe(byIntl(at));
      }),
      { numRuns: 2_000 },
    );
  });

  test('property: it is what Intl says within two hours of every switch', () => {
    for (let year = 2007; year <= 2037; year++)
      for (let day = 0; day < 14; day++)
        for (let quarter = 0; quarter < 96; quarter += 1) {
          const spring = utc(year, 2, 8 + (day % 7), 0, quarter * 15);
          const autumn = utc(year, 10, 1 + (day % 7), 0, quarter * 15);
          if (day >= 7) continue;
          if (newYorkMinuteOfWeek(spring) !== byIntl(spring)) expect(spring).toBe(byIntl(spring));
          if (newYorkMinuteOfWeek(autumn) !== byIntl(autumn)) expect(autumn).toBe(byIntl(autumn));
        }
  });

  test('the clock jumps at 7:00 UTC in spring and falls back at 6:00 UTC in autumn, to the microsecond', () => {
    const spring = utc(2026, 2, 8, 7);
    const autumn = utc(2026, 10, 1, 6);
    expect([spring - 1, spring].map(newYorkOffsetMinutes)).toEqual([-300, -240]);
    expect([autumn - 1, autumn].map(newYorkOffsetMinutes)).toEqual([-240, -300]);
    expect(newYorkMinuteOfWeek(spring) - newYorkMinuteOfWeek(spring - MINUTE)).toBe(61);
  });
});
