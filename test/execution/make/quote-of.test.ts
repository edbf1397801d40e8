import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ContractTop } from '../../../src/domain/events/market.ts';
import { contractsOf, count, MICRO_DOLLARS, priceTicks } from '../../../src/domain/money.ts';
import { makeSettings } from '../../../src/execution/make/make-settings.ts';
import { type QuoteInput, quoteOf } from '../../../src/execution/make/quote-of.ts';
import { tradeFee } from '../../../src/venues/kalshi/fees.ts';
import { onGrid } from '../../../src/venues/kalshi/tick-grid.ts';

const terms = makeSettings.parse({ mode: 'always' });
/** Kalshi's grid of the quarter-hour series: finer near zero and one. */
const band = (startTicks: number, endTicks: number, stepTicks: number) => ({
  startTicks: priceTicks(startTicks),
  endTicks: priceTicks(endTicks),
  stepTicks: priceTicks(stepTicks),
});
const tickBands = [band(0, 1_000, 10), band(1_000, 9_000, 100), band(9_000, 10_000, 10)];
const bookOf = (bid: number | undefined, ask: number | undefined): ContractTop => ({
  ticker: 'KXBTCD-A',
  live: true,
  crossed: false,
  bidTicks: bid === undefined ? undefined : priceTicks(bid),
  bidCount: count(bid === undefined ? 0 : 1_000),
  askTicks: ask === undefined ? undefined : priceTicks(ask),
  askCount: count(ask === undefined ? 0 : 1_000),
});
const inputOf = (probability: number, part: Partial<QuoteInput> = {}): QuoteInput => ({
  book: bookOf(4_000, 6_000),
  tickBands,
  fair: { modelProbability: probability, probability, probabilityError: 0.01 },
  position: count(0),
  feePerContract: (_side, ticks, size) =>
    tradeFee({ kind: 'quadratic_with_maker_fees', multiplier: 1 }, 'maker', ticks, size) /
    MICRO_DOLLARS /
    contractsOf(size),
  allowanceDollars: 0.01,
  lotCount: 100,
  ...part,
});
const sides = fc.constantFrom('bid' as const, 'ask' as const);
const odds = fc.double({ min: 0.02, max: 0.98, noNaN: true });

describe('quoteOf', () => {
  test('property: a quote earns fee, allowance and margin, rests on the grid, and is the best price that does', () => {
    fc.assert(
      fc.property(
        sides,
        odds,
        fc.integer({ min: -15, max: 15 }),
        fc.integer({ min: 1, max: 98 }),
        fc.integer({ min: 1, max: 30 }),
        (side, probability, held, bid, width) => {
          const book = bookOf(bid * 100, Math.min(9_900, (bid + width) * 100));
          const input = inputOf(probability, { book, position: count(held * 100) });
          const quote = quoteOf(side, input, terms);
          if (!quote) return;
          const sign = side === 'bid' ? 1 : -1;
          expect(onGrid(tickBands, quote.limitTicks)).toBe(true);
          if (side === 'bid') expect(quote.limitTicks).toBeLessThan(book.askTicks as number);
          else expect(quote.limitTicks).toBeGreaterThan(book.bidTicks as number);
          const fee = input.feePerContract(side, quote.limitTicks, quote.count);
          const wanted = Math.max(0, 0.005 + 0.5 * 0.01 + (sign * 0.03 * held) / 15);
          const earned = sign * (probability - quote.limitTicks / 10_000) - fee - 0.01;
          expect(earned).toBeGreaterThanOrEqual(wanted - 1e-6);
          expect(quote.edgeDollars).toBeCloseTo(earned, 9);
          // Three steps nearer it would match at once, leave the prices of an order, or earn too little.
          const nearer = quote.limitTicks + sign * 300;
          const matches = side === 'bid' ? nearer >= (book.askTicks ?? 0) : nearer <= (book.bidTicks ?? 0);
          if (matches || nearer <= 0 || nearer >= 10_000) return;
          expect(sign * (probability - nearer / 10_000) - fee - 0.01).toBeLessThan(wanted + 0.005);
        },
      ),
    );
  });

  test('property: filled whole, a quote never leads past the largest inventory, and at it nothing adds', () => {
    fc.assert(
      fc.property(sides, odds, fc.integer({ min: -3_000, max: 3_000 }), (side, probability, held) => {
        const quote = quoteOf(side, inputOf(probability, { position: count(held) }), terms);
        const toward = side === 'bid' ? held : -held;
        if (quote) expect(toward + quote.count).toBeLessThanOrEqual(terms.inventoryMaxCount);
        if (toward > terms.inventoryMaxCount - 100) expect(quote).toBeUndefined();
      }),
    );
  });

  test('what is held moves both quotes away from it, and not past where fee and allowance are earned', () => {
    const at = (side: 'bid' | 'ask', position: number): number =>
      quoteOf(side, inputOf(0.5, { position: count(position) }), terms)?.limitTicks ?? Number.NaN;
    expect(at('bid', 900)).toBeLessThan(at('bid', 0));
    expect(at('ask', 900)).toBeLessThan(at('ask', 0));
    expect(at('ask', -900)).toBeGreaterThan(at('ask', 0));
    expect(at('ask', 1_500)).toBeGreaterThanOrEqual(5_100);
  });

  test('what is not known is not quoted', () => {
    expect(quoteOf('bid', inputOf(Number.NaN), terms)).toBeUndefined();
    expect(quoteOf('ask', inputOf(0.5, { allowanceDollars: Number.NaN }), terms)).toBeUndefined();
    expect(quoteOf('ask', inputOf(0.5, { feePerContract: () => Number.NaN }), terms)).toBeUndefined();
    expect(quoteOf('bid', inputOf(0.5, { tickBands: [] }), terms)).toBeUndefined();
  });
});
