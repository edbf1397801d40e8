import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { makeSettings } from '../../../src/execution/make/make-settings.ts';
import { type RestingQuote, requote } from '../../../src/execution/make/requote.ts';

const terms = makeSettings.parse({});
const quote: RestingQuote = {
  side: 'bid',
  limitTicks: priceTicks(4_000),
  remaining: count(500),
  ageMicros: 10 * SECOND,
  ahead: 10_000,
};
const target = (limitTicks: number, size = 500) => ({
  limitTicks: priceTicks(limitTicks),
  count: count(size),
});

describe('requote', () => {
  test.each([
    ['a quote where it should be stays', {}, 4_000, 0, undefined],
    ['one that is too generous goes at once, however young', { ageMicros: 0 }, 3_940, 0, /against/],
    ['one that is a little too generous stays', { ageMicros: 0 }, 3_950, 0, undefined],
    ['one that is too far behind goes', {}, 4_110, 0, /away/],
    ['one that is too far behind but young waits', { ageMicros: SECOND }, 4_110, 0, undefined],
    ['a good place in the queue is kept', { ahead: 100 }, 4_110, 0, undefined],
    ['a good place twice too far behind is given up', { ahead: 100 }, 4_210, 0, /away/],
    ['where fair value moves fast, more distance is allowed', {}, 4_110, 300, undefined],
    ['a fast fair value excuses nothing that is too generous', {}, 3_940, 300, /against/],
  ] as const)('%s', (_title, part, ticks, deviation, why) => {
    for (const side of ['bid', 'ask'] as const) {
      const mirror = (price: number) => (side === 'bid' ? price : 8_000 - price);
      const rests = { ...quote, ...part, side, limitTicks: priceTicks(mirror(4_000)) };
      const found = requote(rests, target(mirror(ticks)), deviation, terms);
      if (why === undefined) expect(found).toBeUndefined();
      else expect(found).toMatch(why);
    }
  });

  test('more than the position leaves room for does not rest on', () => {
    expect(requote(quote, target(4_000, 400), 0, terms)).toMatch(/room/);
  });

  test('property: a quote that was just placed at its target stays', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('bid' as const, 'ask' as const),
        fc.integer({ min: 10, max: 9_990 }),
        fc.double({ min: 0, max: 1_000, noNaN: true }),
        (side, ticks, deviation) => {
          const rests = { ...quote, side, limitTicks: priceTicks(ticks), ageMicros: 0 };
          expect(requote(rests, target(ticks), deviation, terms)).toBeUndefined();
        },
      ),
    );
  });
});
