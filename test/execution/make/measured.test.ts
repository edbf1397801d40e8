import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ContractTop } from '../../../src/domain/events/market.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { adverseSelection } from '../../../src/execution/make/adverse-selection.ts';
import { fillBound } from '../../../src/execution/make/fill-bound.ts';
import { jumpWatch } from '../../../src/execution/make/jump-watch.ts';
import { makeSettings } from '../../../src/execution/make/make-settings.ts';
import { provenAt } from '../../../src/execution/make/proven-at.ts';
import { queuePlace } from '../../../src/execution/make/queue-place.ts';

const terms = makeSettings.parse({});

describe('provenAt', () => {
  const evidence = [
    { fromMinutes: 3, toMinutes: 7, markoutDollars: 0.01, standardErrorDollars: 0.004 },
    { fromMinutes: 7, toMinutes: 15, markoutDollars: 0.01, standardErrorDollars: 0.006 },
  ];
  const at = (minutes: number, mode: 'off' | 'proven' | 'always', atVenue: boolean): boolean =>
    provenAt(minutes * MINUTE, { ...terms, mode, evidence }, atVenue);

  test('quotes are allowed only where a markout is above zero by its errors', () => {
    expect([2.9, 3, 6.9, 7, 10, 20].map((minutes) => at(minutes, 'proven', true))).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('without evidence quotes are for paper alone, and off is off', () => {
    expect(at(10, 'always', false)).toBe(true);
    expect(at(10, 'always', true)).toBe(false);
    expect(at(4, 'off', false)).toBe(false);
    expect(at(Number.NaN, 'proven', false)).toBe(false);
  });
});

describe('jumpWatch', () => {
  test('property: a move that any earlier price within the span shows is a jump, and one that no price of two spans shows is none', () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 700_000 }),
      move: fc.integer({ min: -6, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const watch = jumpWatch({ jumpBasisPoints: 5, jumpSpanMicros: SECOND });
        const seen: { at: number; price: number }[] = [];
        let at = 0;
        let price = 80_000;
        for (const { wait, move } of steps) {
          at += wait;
          price *= 1 + move / 10_000;
          const far = (from: number) =>
            seen.some(
              (one) => at - one.at <= from && Math.abs(Math.log(price / one.price)) >= 5.0001 / 10_000,
            );
          const near = seen.every(
            (one) => at - one.at > 3 * SECOND || Math.abs(Math.log(price / one.price)) < 4.9999 / 10_000,
          );
          const found = watch.receive('a', price, at);
          if (far(SECOND)) expect(found).toBe(true);
          if (near && at > 3 * SECOND)
            expect(found && seen.some((one) => at - one.at <= 3 * SECOND)).toBe(false);
          seen.push({ at, price });
        }
      }),
    );
  });

  test('sources are apart, and after a hole prices begin anew', () => {
    const watch = jumpWatch({ jumpBasisPoints: 4, jumpSpanMicros: SECOND });
    expect(watch.receive('a', 100, 0)).toBe(false);
    expect(watch.receive('b', 110, 1)).toBe(false);
    expect(watch.receive('a', 100.1, 2)).toBe(true);
    watch.clear();
    expect(watch.receive('a', 120, 3)).toBe(false);
  });
});

describe('adverseSelection', () => {
  test('the setting counts for its fills, each measured fill for one, and a favourable mean is none', () => {
    const adverse = adverseSelection({ adverseDollars: 0.02, adverseFills: 3, markoutMicros: 30 * SECOND });
    expect(adverse.allowanceDollars()).toBeCloseTo(0.02, 12);
    adverse.filled({ ticker: 'A', side: 'bid', at: 0 }, 0.5);
    adverse.observe('A', 0.44, 29 * SECOND);
    expect(adverse.allowanceDollars()).toBeCloseTo(0.02, 12);
    adverse.observe('A', 0.44, 30 * SECOND);
    expect(adverse.allowanceDollars()).toBeCloseTo((3 * 0.02 + 0.06) / 4, 12);
    adverse.filled({ ticker: 'A', side: 'ask', at: 40 * SECOND }, 0.5);
    adverse.observe('A', 0.1, 80 * SECOND);
    expect(adverse.allowanceDollars()).toBe(0);
  });
});

describe('queuePlace', () => {
  const top = (bid: number, size: number): ContractTop => ({
    ticker: 'A',
    live: true,
    crossed: false,
    bidTicks: priceTicks(bid),
    bidCount: count(size),
    askTicks: priceTicks(6_000),
    askCount: count(100),
  });
  const delta = (ticks: number, change: number) =>
    ({ kind: 'delta', side: 'bid', priceTicks: priceTicks(ticks), change: count(change) }) as const;

  test('at the touch the displayed count stands ahead; what comes later is behind, what goes goes in proportion', () => {
    const place = queuePlace('bid', priceTicks(4_000), top(4_000, 1_000));
    expect(place.ahead()).toBe(1_000);
    place.observe(delta(4_000, 1_000), top(4_000, 2_000));
    expect(place.ahead()).toBe(1_000);
    place.observe(delta(4_000, -500), top(4_000, 1_500));
    expect(place.ahead()).toBe(750);
    place.observe(delta(3_900, -500), top(4_000, 1_500));
    expect(place.ahead()).toBe(750);
    place.observe(delta(4_000, -1_500), top(3_900, 100));
    expect(place.ahead()).toBe(0);
  });

  test('inside the touch nobody is ahead, and behind it nothing is known until the touch comes', () => {
    expect(queuePlace('bid', priceTicks(4_100), top(4_000, 1_000)).ahead()).toBe(0);
    const place = queuePlace('bid', priceTicks(3_900), top(4_000, 1_000));
    expect(place.ahead()).toBe(Number.POSITIVE_INFINITY);
    place.observe(delta(4_000, -1_000), top(3_900, 700));
    expect(place.ahead()).toBe(700);
  });
});

describe('fillBound', () => {
  test('fills of one close count together within the span, and those of others do not', () => {
    const bound = fillBound({ fillsMaxCount: 1_000, fillsSpanMicros: 15 * SECOND });
    expect(bound.filled('a', count(600), 0)).toBe(false);
    expect(bound.filled('b', count(600), 1)).toBe(false);
    expect(bound.filled('a', count(400), SECOND)).toBe(false);
    expect(bound.filled('a', count(1), 14 * SECOND)).toBe(true);
    expect(bound.filled('a', count(600), 15 * SECOND)).toBe(true);
    expect(bound.filled('a', count(1), 40 * SECOND)).toBe(false);
  });
});
