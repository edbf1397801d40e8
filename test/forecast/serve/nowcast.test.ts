import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import type { Forecast, VariancePath } from '../../../src/domain/events/forecast.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/domain/time.ts';
import { nowcast } from '../../../src/forecast/serve/nowcast.ts';
import { nowcasts, type SecondPrice } from '../../../src/forecast/serve/nowcasts.ts';
import { forecastSettings } from '../../../src/forecast/settings.ts';
import { varianceBetween } from '../../../src/maths/variance-between.ts';
import { minutesOf } from '../../support/variance-paths.ts';

const settings = forecastSettings.parse({});
const AT = 1_000 * MINUTE;
/** One unit of variance a minute. */
const path = minutesOf(AT, 180, () => 1);

describe('nowcast', () => {
  const now = AT + MINUTE / 2;
  const ahead = (seen: number, elapsed = MINUTE / 2) =>
    varianceBetween(nowcast(path, now, seen, elapsed, settings), now, now + HOUR) / 60;

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

  test('it is plain data that shares the minute’s own numbers', () => {
    const later = nowcast(path, now, 2, MINUTE / 2, settings);
    expect(later.cumulative).toBe(path.cumulative);
    expect(JSON.parse(JSON.stringify(later))).toEqual(later);
  });

  test('nothing happens before it, and it ends where the path ends', () => {
    const later = nowcast(path, now, 2, MINUTE / 2, settings);
    const between = (from: number, to: number): number => varianceBetween(later, from, to);
    expect(between(AT, now)).toBe(0);
    expect(between(AT, now + MINUTE)).toBe(between(now, now + MINUTE));
    expect(later.until).toBe(path.until);
    expect(between(now, later.until + 1)).toBeNaN();
    expect(between(Number.NaN, now)).toBeNaN();
  });
});

describe('nowcasts', () => {
  const forecast: Forecast = {
    kind: 'forecast',
    asset: 'BTC',
    at: AT,
    receivedAt: AT,
    model: 'backbone',
    horizons: [],
    path,
    tails: [{ seconds: 60, nu: 4, scale: 1 }],
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
    expect(varianceBetween(late?.path as VariancePath, AT, to)).toBe(varianceBetween(expected, AT, to));
    expect(varianceBetween(early?.path as VariancePath, AT, to)).toBe(varianceBetween(expected, AT, to));
    expect(late?.annualisedVolatility).toBeCloseTo(Math.sqrt(varianceBetween(expected, AT, to) * 8_760), 6);
  });

  test('without a forecast, after five minutes, and for a price that is none it stays silent', async () => {
    expect(await run([second(1, 1)])).toEqual([]);
    expect(await run([forecast, second(301, 1), second(20, Number.NaN)])).toHaveLength(1);
  });
});
