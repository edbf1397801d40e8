import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runTime } from '../../src/cli/run-time.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';

const MIDNIGHT = Date.parse('2026-06-01T00:00:00Z') * 1000;
const two = (value: number): string => String(value).padStart(2, '0');

describe('a time of a run', () => {
  test('of day alone is the one inside the run, and is refused where there are several', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 1, max: 3 * 1440 }),
        fc.integer({ min: 0, max: 1439 }),
        (begins, lasts, minute) => {
          const first = MIDNIGHT + begins * MINUTE;
          const last = first + lasts * MINUTE;
          const text = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
          const inside = [0, 1, 2, 3, 4]
            .map((day) => MIDNIGHT + day * DAY + minute * MINUTE)
            .filter((at) => at >= first && at <= last);
          const days = Math.floor(last / DAY) - Math.floor(first / DAY) + 1;
          if (inside.length === 1) expect(runTime(text, { first, last })).toBe(inside[0]);
          else if (inside.length === 0 && days === 1)
            expect(runTime(text, { first, last })).toBe(MIDNIGHT + minute * MINUTE);
          else expect(() => runTime(text, { first, last })).toThrow(/name the day too/);
        },
      ),
    );
  });

  test('with a zone is that time, whatever the run', () => {
    const run = { first: 0, last: 1 };
    const noon = MIDNIGHT + 12 * HOUR;
    for (const text of [
      '2026-06-01T12:00:00Z',
      '2026-06-01 12:00Z',
      '2026-06-01T08:00-04:00',
      '2026-06-01t12:00:00.000z',
    ])
      expect(runTime(text, run)).toBe(noon);
  });
});
