import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rfc3339Micros } from '../../src/domain/rfc3339.ts';

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

describe('rfc3339Micros', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-05-13T12:59:42.787638Z', 1_778_677_182_787_638],
    ['2026-05-13T16:10:00.000000000Z', 1_778_688_600_000_000],
    ['2024-02-29T23:59:59.5Z', 1_709_251_199_500_000],
    ['2000-02-29T00:00:00Z', 951_782_400_000_000],
    ['1969-12-31T23:59:59.999999Z', -1],
    ['2026-05-13T12:59:42.787638+05:30', 1_778_677_182_787_638 - 19_800_000_000],
    ['2026-05-13T12:59:42.787638-04:00', 1_778_677_182_787_638 + 14_400_000_000],
  ])('%s is %d', (text, micros) => expect(rfc3339Micros(text)).toBe(micros));

  test('what is finer than a microsecond is cut off', () =>
    expect(rfc3339Micros('1970-01-01T00:00:00.000001999Z')).toBe(1));

  test.each([
    '',
    '2026-05-13',
    '2026-05-13T12:59:42',
    '2026-05-13t12:59:42z',
    '2026-05-13 12:59:42Z',
    '2026-5-13T12:59:42Z',
    '2026-05-13T12:59:42.Z',
    '2026-05-13T12:59:42.1234567890Z',
    '2026-05-13T12:59:42.12x456Z',
    '2026-05-13T12:59:42Zjunk',
    '2026-05-13T12:59:42+0530',
    '2026-05-13T12:59:42+24:00',
    '2026-05-13T12:59:42+05:60',
    '2026-05-13T24:00:00Z',
    '2026-05-13T12:60:00Z',
    '2026-12-31T23:59:60Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '-026-05-13T12:59:42Z',
    ' 2026-05-13T12:59:42Z',
    '1778677182',
    '1684-01-01T00:00:00Z',
    '2256-01-01T00:00:00Z',
  ])('%j is refused', (text) => expect(rfc3339Micros(text)).toBeUndefined());

  test('property: milliseconds agree with Date, microseconds with the digits', () => {
    const day = fc.date({
      min: new Date('1685-01-01T00:00:00Z'),
      max: new Date('2255-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, fc.nat(999), fc.integer({ min: -1439, max: 1439 }), (date, micros, offsetMinutes) => {
        const plain = date.toISOString().slice(0, -1) + pad(micros, 3);
        const span = Math.abs(offsetMinutes);
        const zone = `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(span / 60), 2)}:${pad(span % 60, 2)}`;
        const utc = date.getTime() * 1000 + micros;
        expect(rfc3339Micros(`${plain}Z`)).toBe(utc);
        expect(rfc3339Micros(plain + zone)).toBe(utc - offsetMinutes * 60_000_000);
      }),
    );
  });

  test('property: of mutated times it accepts only what Date accepts too, and reads them alike', () => {
    const mutated = fc.tuple(fc.nat(26), fc.constantFrom(...'0123456789-+:.TZ ')).map(([index, mark]) => {
      const text = '2024-02-28T23:59:59.123456Z';
      return text.slice(0, index) + mark + text.slice(index + 1);
    });
    fc.assert(
      fc.property(mutated, (text) => {
        const micros = rfc3339Micros(text);
        if (micros !== undefined) expect(Math.floor(micros / 1000)).toBe(Date.parse(text));
      }),
      { numRuns: 1000 },
    );
  });
});
