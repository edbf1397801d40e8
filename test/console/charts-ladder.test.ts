import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cellStep, STRONGEST } from '../../console/charts/cell-step.ts';
import { ladderGrid } from '../../console/charts/ladder-grid.ts';
import { ladderWords } from '../../console/charts/ladder-words.ts';
import { labelled, strikeLines } from '../../console/charts/strike-lines.ts';
import { aContract } from '../support/console-made.ts';

describe('cellStep', () => {
  test('never falls while the difference grows, is odd, and stays within its steps', () => {
    const cents = fc.double({ min: -60, max: 60, noNaN: true });
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        if (a <= b) expect(cellStep(a)).toBeLessThanOrEqual(cellStep(b));
        expect(cellStep(-a) + cellStep(a)).toBe(0);
        expect(Math.abs(cellStep(a))).toBeLessThanOrEqual(STRONGEST);
      }),
    );
  });

  test('takes less than half a cent, and what is not known, for nothing', () => {
    expect([0, 0.49, -0.49, Number.NaN].map((cents) => Math.abs(cellStep(cents)))).toEqual([0, 0, 0, 0]);
    expect([0.5, -1, 8, -80].map(cellStep)).toEqual([1, -2, 5, -5]);
  });
});

const ladder = fc.array(
  fc.record({
    strike: fc.integer({ min: 90, max: 110 }).map((hundreds) => 100 * hundreds),
    close: fc.integer({ min: -1, max: 3 }),
    fair: fc.option(fc.integer({ min: 0, max: 10_000 })),
    bid: fc.option(fc.integer({ min: 1, max: 97 }).map((cents) => 100 * cents)),
  }),
  { maxLength: 60 },
);

describe('ladderGrid', () => {
  test('shows each open contract of the nearest strikes once, at its strike and close, with fair minus mid', () => {
    fc.assert(
      fc.property(ladder, fc.integer({ min: 1, max: 12 }), (made, most) => {
        const contracts = [
          ...new Map(
            made.map(({ strike, close, fair, bid }) => [
              `${strike} ${close}`,
              aContract({
                ticker: `K-${close}-${strike}`,
                floorDollars: strike,
                closeAt: close,
                fairTicks: fair,
                bidTicks: bid,
                askTicks: bid === null ? null : bid + 200,
              }),
            ]),
          ).values(),
        ];
        const grid = ladderGrid(contracts, 10_000, 0, { strikes: most, closes: 3 });
        const open = contracts.filter(({ closeAt }) => closeAt > 0);
        const strikes = [...new Set(open.map(({ floorDollars }) => floorDollars ?? 0))];
        expect(grid.rows.length).toBe(Math.min(most, strikes.length));
        expect(grid.left).toEqual({ strikes: strikes.length - grid.rows.length, closes: 0 });
        const levels = grid.rows.map(({ dollars }) => dollars);
        expect(levels).toEqual([...levels].sort((a, b) => b - a));
        expect(grid.above).toBe(levels.filter((level) => level > 10_000).length);
        const farthest = Math.max(0, ...levels.map((level) => Math.abs(level - 10_000)));
        for (const strike of strikes)
          if (!levels.includes(strike)) expect(Math.abs(strike - 10_000)).toBeGreaterThanOrEqual(farthest);
        for (const contract of open) {
          const row = grid.rows.find(({ dollars }) => dollars === contract.floorDollars);
          if (row === undefined) continue;
          const at = grid.columns.findIndex(({ closeAt }) => closeAt === contract.closeAt);
          const { fairTicks, bidTicks } = contract;
          expect(row.cells[at]).toMatchObject({
            ticker: contract.ticker,
            cents: fairTicks === null || bidTicks === null ? null : (fairTicks - bidTicks - 100) / 100,
          });
        }
      }),
    );
  });

  test('leaves later closes out with all that is theirs, and says how many', () => {
    const contracts = [3, 1, 2].map((closeAt) =>
      aContract({ ticker: `K${closeAt}`, closeAt, floorDollars: 100 * closeAt, strikeType: 'greater' }),
    );
    const grid = ladderGrid(contracts, 100, 0, { strikes: 9, closes: 2 });
    expect(grid.columns.map(({ closeAt }) => closeAt)).toEqual([1, 2]);
    expect(grid.rows.map(({ label }) => label)).toEqual(['> $200', '> $100']);
    expect(grid.left).toEqual({ strikes: 0, closes: 1 });
  });

  test('is told in a sentence with the widest difference, or why there is none', () => {
    const cell = (floorDollars: number, fairTicks: number | null) =>
      aContract({
        ticker: `K-${floorDollars}`,
        floorDollars,
        closeAt: 9,
        fairTicks,
        bidTicks: 4_000,
        askTicks: 4_200,
      });
    expect(
      ladderWords(
        ladderGrid([cell(100, 4_250), cell(110, 3_600), cell(120, null)], 105, 0, { strikes: 9, closes: 9 }),
      ),
    ).toBe(
      'Of 2 contracts our fair value is above the middle of the book at 1 and below it at 1, by half a cent or more;' +
        ' the most at ≥ $110, −5.0 ¢.',
    );
    expect(ladderWords(ladderGrid([cell(120, null)], 105, 0, { strikes: 9, closes: 9 }))).toBe(
      'No contract has both a fair value and a book now.',
    );
  });
});

describe('strikeLines', () => {
  test('has the strikes of the next close alone, rising and each once', () => {
    const contracts = [
      aContract({ ticker: 'a', closeAt: 5, floorDollars: 300, bidTicks: 3_100, askTicks: 3_350 }),
      aContract({ ticker: 'b', closeAt: 5, floorDollars: 100, capDollars: 300 }),
      aContract({ ticker: 'c', closeAt: 9, floorDollars: 700 }),
      aContract({ ticker: 'd', closeAt: 1, floorDollars: 900 }),
    ];
    expect(strikeLines(contracts, 1)).toEqual({
      closeAt: 5,
      lines: [
        { dollars: 100, label: '$100' },
        { dollars: 300, label: '$300 · 31–33.5 ¢' },
      ],
    });
    expect(strikeLines(contracts, 9)).toBeUndefined();
  });
});

describe('labelled', () => {
  test('gives labels so far apart, and no place is without one that is farther than that from all that have', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 30 }),
        fc.integer({ min: 0, max: 400 }),
        (places, centre) => {
          const chosen = labelled(places, centre, 16).map((at) => places[at] ?? 0);
          chosen.forEach((a, at) => {
            for (const b of chosen.slice(at + 1)) expect(Math.abs(a - b)).toBeGreaterThanOrEqual(16);
          });
          for (const place of places)
            expect(Math.min(...chosen.map((a) => Math.abs(a - place)))).toBeLessThan(16);
        },
      ),
    );
  });
});
