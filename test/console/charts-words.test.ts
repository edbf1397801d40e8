import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clockTicks } from '../../console/charts/clock-ticks.ts';
import { equityWords } from '../../console/charts/equity-words.ts';
import * as figures from '../../console/charts/figures.ts';
import { payoffWords } from '../../console/charts/payoff-words.ts';
import { pointsTable } from '../../console/charts/points-table.ts';
import { readingWords } from '../../console/charts/reading.ts';
import { isAbove, volatilityTop } from '../../console/charts/volatility-top.ts';
import { volatilityWords } from '../../console/charts/volatility-words.ts';
import { checkTitle } from '../../src/risk/check-title.ts';

const number = fc.double({ min: -1e7, max: 1e7, noNaN: true });
const numberOf = (text: string): number => Number(text.replace('−', '-').replace(/[^\d.-]/g, ''));

describe('the volatility chart', () => {
  test('a first quote that implies many times the truth leaves the picture, and the rest keeps its height', () => {
    const columns = [[0.3], [0.5], [0.4, null], [6, 0.45], [0.4]];
    expect(volatilityTop(columns)).toBe(1);
    expect([isAbove(columns[3], 1), isAbove(columns[1], 1), isAbove(undefined, 1)]).toEqual([
      true,
      false,
      false,
    ]);
    // Where nothing else is known, nothing is cut.
    expect(volatilityTop([[], [], [], [6], []])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('figures', () => {
  test('can be read back to the last decimal that they show', () => {
    fc.assert(
      fc.property(number, (value) => {
        expect(Math.abs(numberOf(figures.dollars(value)) - value)).toBeLessThanOrEqual(0.005 + 1e-8);
        expect(Math.abs(numberOf(figures.signedDollars(value, 1)) - value)).toBeLessThanOrEqual(0.05 + 1e-8);
        expect(Math.abs(numberOf(figures.signedCents(value)) - value)).toBeLessThanOrEqual(0.05 + 1e-8);
        expect(Math.abs(numberOf(figures.percent(value)) - 100 * value)).toBeLessThanOrEqual(0.05 + 1e-6);
        expect(Math.abs(numberOf(figures.plain(value, 3)) - value)).toBeLessThanOrEqual(0.0005 + 1e-8);
      }),
    );
  });

  test('give nothing a sign, and the unknown a dash', () => {
    expect(figures.signedDollars(-0.001)).toBe('$0.00');
    expect(figures.signedCents(-0.04)).toBe('0.0 ¢');
    expect(figures.signedDollars(1_234.5)).toBe('+$1,234.50');
    expect(figures.dollars(-1_234.5)).toBe('−$1,234.50');
    expect(figures.centsOfTicks(4_325)).toBe('43.25 ¢');
    for (const format of Object.values(figures))
      if (format !== figures.spanWords) expect((format as (value: null) => string)(null)).toBe('–');
  });

  test('say a span in its two largest units', () => {
    expect([0, 40, 60, 432, 7_500, 7_200, -5].map((seconds) => figures.spanWords(seconds * 1e6))).toEqual([
      '0 s',
      '40 s',
      '1 min',
      '7 min 12 s',
      '2 h 5 min',
      '2 h',
      '0 s',
    ]);
  });
});

describe('clockTicks', () => {
  test('shows seconds only where they differ, and the day where it turns', () => {
    const at = Date.UTC(2026, 5, 1, 23, 58) / 1000;
    expect(clockTicks([at, at + 60, at + 120])).toEqual(['23:58', '23:59', '00:00\n02/06']);
    expect(clockTicks([at, at + 15])).toEqual(['23:58:00', '23:58:15']);
    expect(clockTicks([])).toEqual([]);
  });
});

describe('pointsTable', () => {
  test('takes each later point once, in order, from a time on', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.nat(50), (times, from) => {
        const points = times.map((at) => ({ at: at * 1e6 }));
        const { xs, columns } = pointsTable(points, from * 1e6, [({ at }) => at]);
        const rising = times.filter(
          (at, row) => at >= from && times.slice(0, row).every((one) => one < from || one < at),
        );
        expect(xs).toEqual(rising);
        expect(columns).toEqual([rising.map((at) => at * 1e6)]);
      }),
    );
  });
});

describe('sentences of the charts', () => {
  test('tell what everything held makes at the worst, at the best and now', () => {
    const payoff = {
      asset: 'BTC',
      closeAt: 60e6,
      points: [
        [100, -22],
        [200, -22],
        [200, 14.5],
        [300, 14.5],
      ],
      worst: [100, -22],
    } as const;
    expect(payoffWords(payoff, 250)).toBe(
      'All that is held on BTC at 00:01:00 UTC: worst −$22.00 if it settles at $100, best +$14.50 at $200, and' +
        ' +$14.50 at the index of now, $250.00.',
    );
    expect(payoffWords(payoff, null)).toMatch(/best \+\$14\.50 at \$200\.$/);
  });

  test('tell the three volatilities, and which is greater', () => {
    const point = { asset: 'BTC', at: 0, forecast: 0.4, low: 0.3, high: 0.5, implied: 0.45, realised: null };
    expect(volatilityWords('BTC', point)).toBe(
      'Volatility of BTC a year: forecast 40.0 %, in four of five cases 30.0 % to 50.0 %. Quotes imply 45.0 %, more' +
        ' than forecast.',
    );
    expect(volatilityWords('BTC', undefined)).toBe('No volatility of BTC is known yet.');
  });

  test('tell the greatest fall of the equity from a peak before it', () => {
    const points = [100, 120, 90, 130, 125].map((equityDollars, minute) => ({
      at: minute,
      equityDollars,
      dayDollars: 5,
      worstDollars: -20,
    }));
    expect(equityWords(points)).toBe(
      'Equity $125.00, +$5.00 today; the worst outcome of what is held and open is −$20.00. Greatest fall in the time' +
        ' shown $30.00, 25.0 % of the peak before it.',
    );
    expect(equityWords([])).toBe('The account is not known yet.');
  });

  test('name a check in words and read a place aloud', () => {
    expect(checkTitle('edgeAfterFee')).toBe('edge after fee');
    expect(
      readingWords({
        title: '14:00',
        rows: [
          { name: 'index', value: '$5' },
          { name: '', value: 'bought' },
        ],
      }),
    ).toBe('14:00: index $5, bought.');
  });
});
