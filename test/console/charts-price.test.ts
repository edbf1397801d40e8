import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { priceMarks, rowAt } from '../../console/charts/price-marks.ts';
import { priceRange } from '../../console/charts/price-range.ts';
import { priceTable } from '../../console/charts/price-table.ts';
import { priceWords } from '../../console/charts/price-words.ts';
import type { FillView, OrderView } from '../../src/console/state.ts';
import { anAsset } from '../support/console-made.ts';

const S = 1_000_000;
const price = (second: number, indexDollars: number | null) => ({
  asset: 'BTC',
  at: second * S,
  indexDollars,
  spotDollars: null,
});
const ahead = (second: number) => ({ at: second * S, lowDollars: 90, highDollars: 110 });

describe('priceTable', () => {
  test('has rising times and equally long columns whatever comes twice or overlaps', () => {
    const second = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(fc.array(second), fc.array(second), second, (past, later, from) => {
        const table = priceTable(
          past.map((at) => price(at, at)),
          later.map(ahead),
          from * S,
        );
        for (const column of [table.index, table.spot, table.low, table.high])
          expect(column.length).toBe(table.xs.length);
        table.xs.forEach((x, at) => {
          expect(x).toBeGreaterThan(table.xs[at - 1] ?? -1);
        });
        for (const at of past) if (at >= from && at === Math.max(...past)) expect(table.xs).toContain(at);
        for (const [row, x] of table.xs.entries())
          if (table.low[row] === null) expect(x).toBeGreaterThanOrEqual(from);
      }),
    );
  });

  test('starts the cone at the last price, and not where that price is not known', () => {
    expect(priceTable([price(1, 99), price(2, 100)], [ahead(3)], 0)).toEqual({
      xs: [1, 2, 3],
      index: [99, 100, null],
      spot: [null, null, null],
      low: [null, 100, 90],
      high: [null, 100, 110],
    });
    expect(priceTable([price(1, 99), price(2, null)], [ahead(3)], 0).low).toEqual([null, null, 90]);
  });
});

describe('rowAt', () => {
  test('finds the last row that is not later', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(200)), fc.nat(200), (times, at) => {
        const xs = times.sort((a, b) => a - b);
        expect(rowAt(xs, at)).toBe(xs.filter((x) => x <= at).length - 1);
      }),
    );
  });
});

describe('priceMarks', () => {
  const order = {
    ticker: 'K-1',
    side: 'bid',
    count: 500,
    limitTicks: 4_350,
    state: 'filled',
    sentAt: 3 * S,
  } as OrderView;
  const fill = {
    ticker: 'K-1',
    side: 'bid',
    count: 500,
    priceTicks: 4_300,
    feeDollars: 0.09,
    at: 4 * S,
  } as FillView;

  test('puts orders and fills of the asset at the last known index, with what to read', () => {
    expect(
      priceMarks([order, { ...order, ticker: 'ELSE-1' }], [fill], new Set(['K']), {
        xs: [1, 2, 4],
        index: [70, null, null],
        spot: [9, 71, null],
      }),
    ).toEqual([
      {
        kind: 'order',
        side: 'bid',
        at: 3 * S,
        dollars: 71,
        text: '00:00:03 buy YES 5 × 43.5 ¢ K-1, filled',
      },
      {
        kind: 'fill',
        side: 'bid',
        at: 4 * S,
        dollars: 71,
        text: '00:00:04 bought YES 5 × 43 ¢ K-1, fee $0.09',
      },
    ]);
  });

  test('leaves out what is older than the prices', () => {
    expect(
      priceMarks([order], [], new Set(['K']), { xs: [5, 6], index: [70, 71], spot: [null, null] }),
    ).toEqual([]);
  });
});

describe('priceRange', () => {
  test('holds what is drawn, and the nearest strike if it is near', () => {
    const value = fc.integer({ min: 1, max: 1_000 });
    fc.assert(
      fc.property(value, value, fc.array(value), (low, span, strikes) => {
        const [from, until] = priceRange(low, low + span, strikes);
        expect(from).toBeLessThan(low);
        expect(until).toBeGreaterThan(low + span);
        expect(until - from).toBeLessThanOrEqual(span * 1.5 * 1.16 + 1e-9);
        const near = strikes.some((strike) => strike >= low - span / 2 && strike <= low + 1.5 * span);
        expect(strikes.some((strike) => strike > from && strike < until)).toBe(near);
      }),
    );
  });
});

describe('priceWords', () => {
  test('tells the index, the cone, the close and the nearest strike', () => {
    const asset = anAsset({
      indexDollars: 104_200,
      cone: [{ at: 720 * S, lowDollars: 104_000, highDollars: 104_400 }],
    });
    const strikes = { closeAt: 432 * S, lines: [{ dollars: 104_250, label: '' }] };
    expect(priceWords(asset, 104_198.5, strikes, 0)).toBe(
      'BTC index $104,200.00, spot $104,198.50 (−$1.50 to the index). In 12 min it lies between $104,000 and' +
        ' $104,400 with a chance of four in five. Next close 00:07:12 UTC, in 7 min 12 s. The nearest strike is' +
        ' $104,250, +$50.00 away.',
    );
    expect(priceWords(anAsset({}), null, undefined, 0)).toBe('The index of BTC is not known.');
  });
});
