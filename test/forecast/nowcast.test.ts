import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { nowcast } from '../../src/forecast/nowcast.ts';
import { nowcasts, type SecondPrice } from '../../src/forecast/nowcasts.ts';
import { forecastSettings } from '../../src/forecast/settings.ts';

const settings = forecastSettings.parse({});
const AT = 1_000 * MINUTE;
/** One unit of variance a minute. */
const path = {
  between: (a: number, b: number) =>
    a <= b && b <= AT + 3 * HOUR ? (Math.max(b, AT) - Math.max(a, AT)) / MINUTE : Number.NaN,
  until: AT + 3 * HOUR,
};

describe('nowcast', () => {
  const now = AT + MINUTE / 2;
  const ahead = (seen: number, elapsed = MINUTE / 2) =>
    nowcast(path, now, seen, elapsed, settings).between(now, now + HOUR) / 60;

  test('what was expected changes nothing, more raises the level and less lowers it', () => {
    expect(ahead(0.5)).toBeCloseTo(1, 12);
    const pseudo = settings.nowcastPseudoMinutes;
    expect(ahead(2)).toBeCloseTo((pseudo + 2) / (pseudo + 0.5), 12);
    expect(ahead(0)).toBeCloseTo(pseudo / (pseudo + 0.5), 12);
  });

  test('property: the level never falls as more is seen, and stays within its bounds', () => {
    const seen = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(seen, seen, (a, b) => {
        expect(ahead(Math.max(a, b))).toBeGreaterThanOrEqual(ahead(Math.min(a, b)));
        expect(ahead(a)).toBeLessThanOrEqual(settings.nowcastMostFactor + 1e-12);
        expect(ahead(a)).toBeGreaterThanOrEqual(settings.nowcastLeastFactor - 1e-12);
      }),
    );
  });

  test('nothing known changes nothing', () => {
    expect(ahead(Number.NaN)).toBe(1);
    expect(ahead(1, 0)).toBe(1);
  });

  test('nothing happens before it, and it ends where the path ends', () => {
    const { between, until } = nowcast(path, now, 2, MINUTE / 2, settings);
    expect(between(AT, now)).toBe(0);
    expect(between(AT, now + MINUTE)).toBe(between(now, now + MINUTE));
    expect(until).toBe(path.until);
    expect(between(now, until + 1)).toBeNaN();
    expect(between(Number.NaN, now)).toBeNaN();
  });
});

describe('nowcasts', () => {
  const forecast: Forecast = {
    kind: 'forecast',
    at: AT,
    receivedAt: AT,
    model: 'backbone',
    horizons: [],
    path,
    tail: () => ({ nu: 4, scale: 1 }),
    annualisedVolatility: 1,
  };
  const second = (seconds: number, price: number): SecondPrice => ({
    kind: 'second',
    at: AT + seconds * SECOND,
    receivedAt: AT + seconds * SECOND + 5,
    price,
  });
  const run = (events: readonly (Forecast | SecondPrice)[]) =>
    lastValueFrom(from(events).pipe(nowcasts(settings), toArray()));

  test('it emits the forecast at once and then at most one a second', async () => {
    const times = (await run([forecast, second(1.2, 1), second(1.7, 1), second(2.1, 1), second(2, 1)])).map(
      ({ at }) => at,
    );
    expect(times).toEqual([AT, AT + 1.2 * SECOND, AT + 2.1 * SECOND]);
  });

  test('the variance seen counts from the close of the minute, also when the forecast comes late', async () => {
    const jump = Math.exp(2);
    const prices = [
      second(-10, 50),
      second(-1, 100),
      second(4, 100),
      second(9, 100 * jump),
      second(14, 100 * jump),
    ];
    const early = (await run([forecast, ...prices.slice(1)])).at(-1);
    const late = (await run([...prices.slice(0, 4), forecast, ...prices.slice(4)])).at(-1);
    const expected = nowcast(path, AT + 14 * SECOND, 4, 10 * SECOND, settings);
    const to = AT + 14 * SECOND + HOUR;
    expect(late?.path.between(AT, to)).toBe(expected.between(AT, to));
    expect(early?.path.between(AT, to)).toBe(expected.between(AT, to));
    expect(late?.annualisedVolatility).toBeCloseTo(Math.sqrt(expected.between(AT, to) * 8_760), 6);
  });

  test('without a forecast, after five minutes, and for a price that is none it stays silent', async () => {
    expect(await run([second(1, 1)])).toEqual([]);
    expect(await run([forecast, second(301, 1), second(20, Number.NaN)])).toHaveLength(1);
  });
});
