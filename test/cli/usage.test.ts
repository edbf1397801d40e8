import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { utc } from '../../src/cli/usage.ts';

describe('utc', () => {
  const instant = fc.date({
    min: new Date('2001-01-01T00:00:00Z'),
    max: new Date('2100-01-01T00:00:00Z'),
    noInvalidDate: true,
  });

  test('property: with or without seconds and zone the text is UTC, in every zone of the machine', () => {
    const before = process.env['TZ'];
    try {
      fc.assert(
        fc.property(
          instant,
          fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Chatham'),
          (date, zone) => {
            process.env['TZ'] = zone;
            const whole = date.toISOString();
            const minute = Math.floor(date.getTime() / 60_000) * 60_000;
            for (const text of [whole.slice(0, 16), `${whole.slice(0, 16)}Z`])
              expect(utc(text)).toBe(minute * 1_000);
            for (const text of [whole, whole.slice(0, -1)]) expect(utc(text)).toBe(date.getTime() * 1_000);
            expect(utc(whole.slice(0, 10))).toBe(Date.parse(`${whole.slice(0, 10)}T00:00:00Z`) * 1_000);
          },
        ),
      );
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  test('another zone, a day that is not in the calendar, and words are refused', () => {
    for (const text of [
      '2026-06-01T13:30+05:30',
      '2026-02-30',
      '2026-06-01 13:30',
      '2026-6-1',
      '2026-06-01T25:00',
      'today',
      '',
    ])
      expect(() => utc(text)).toThrow(/a UTC date or time such as/);
  });
});
