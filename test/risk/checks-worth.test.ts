import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Decision } from '../../src/domain/events/decision.ts';
import { priceTicks } from '../../src/domain/money.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { uniformAt } from '../../src/maths/uniform-at.ts';
import { checksWorth } from '../../src/risk/checks-worth.ts';
import { CLOSE_AT } from '../portfolio/samples.ts';
import '../support/properties.ts';
import { decisionAt } from '../telemetry/samples.ts';

const refusal = (
  ticker: string,
  check: string,
  side: 'bid' | 'ask',
  ticks: number,
  fee: number | null,
): Decision => {
  const decision = decisionAt(CLOSE_AT - 10 * MINUTE, [check, 'another']);
  const proposal = { ...decision.proposal, ticker, side, limitTicks: priceTicks(ticks), feeDollars: fee };
  return { ...decision, ticker, proposal };
};

/** One refusal: contract `number` of close `close`. */
const row = fc.record({
  close: fc.nat(5),
  number: fc.nat(3),
  check: fc.constantFrom('edge', 'spread'),
  side: fc.constantFrom<'bid' | 'ask'>('bid', 'ask'),
  ticks: fc.integer({ min: 100, max: 9_900 }),
  fee: fc.double({ min: 0, max: 0.02, noNaN: true }),
});

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Two-sided 95 % points of Student's t by degrees of freedom, from the tables. */
const T95 = [Number.NaN, 12.7062, 4.3027, 3.1824, 2.7764, 2.5706];

describe('checksWorth', () => {
  test('property: the mean of the contracts’ means, with an interval of resampled hours, as written out', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
        (rows, yes) => {
          const worth = checksWorth();
          const tickerOf = (close: number, number: number): string => `C${close}-${number}`;
          for (const { close, number, check, side, ticks, fee } of rows)
            worth.decided(refusal(tickerOf(close, number), check, side, ticks, fee));
          for (let close = 0; close < 6; close++)
            for (let number = 0; number < 4; number++)
              worth.settled(
                tickerOf(close, number),
                yes[close * 4 + number] ? 'yes' : 'no',
                CLOSE_AT + close * 2 * HOUR,
                CLOSE_AT + close * 2 * HOUR + MINUTE,
              );
          const read = worth.read() ?? [];
          for (const check of new Set(rows.map((each) => each.check))) {
            const own = rows.filter((each) => each.check === check);
            const profit = ({ close, number, side, ticks, fee }: (typeof own)[number]): number => {
              const won = (yes[close * 4 + number] === true) === (side === 'bid');
              return (won ? 1 : 0) - (side === 'bid' ? ticks / 10_000 : 1 - ticks / 10_000) - fee;
            };
            const clusters = [...new Set(own.map(({ close }) => close))].map((close) =>
              [...new Set(own.filter((each) => each.close === close).map(({ number }) => number))].map(
                (number) =>
                  mean(own.filter((each) => each.close === close && each.number === number).map(profit)),
              ),
            );
            const expected = mean(clusters.flat());
            const said = read.find((each) => each.check === check);
            expect(said).toMatchObject({
              refused: own.length,
              settled: own.length,
              closes: clusters.length,
              hours: clusters.length,
            });
            expect(said?.wouldDollars).toBeCloseTo(expected, 9);
            if (clusters.length < 3) {
              expect([said?.lowDollars, said?.highDollars]).toEqual([null, null]);
              continue;
            }
            const hours = [...new Set(own.map(({ close }) => close))].map(
              (close) => CLOSE_AT / HOUR + close * 2,
            );
            const drawn = Array.from({ length: 400 }, (_, draw) => {
              const weights = hours.map((hour) => -Math.log(uniformAt(Math.ceil(hour), draw)));
              const over = clusters.map((values) => values.reduce((sum, value) => sum + value, 0));
              const dot = (values: readonly number[]): number =>
                values.reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
              return dot(over) / dot(clusters.map(({ length }) => length));
            }).sort((one, other) => one - other);
            const g = clusters.length;
            const spread = (Math.sqrt((g + 1) / (g - 1)) * (T95[g - 1] as number)) / 1.96;
            const reachTo = (rank: number): number =>
              expected + spread * ((drawn[rank] as number) - expected);
            expect(said?.lowDollars).toBeCloseTo(reachTo(10), 3);
            expect(said?.highDollars).toBeCloseTo(reachTo(389), 3);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a refusal without a fee or a price is counted and not valued, and an approval is neither', () => {
    const worth = checksWorth();
    worth.decided(refusal('A', 'priced', 'bid', 4_000, null));
    worth.decided(refusal('A', 'priced', 'bid', 0, 0.01));
    worth.decided(decisionAt(CLOSE_AT, []));
    worth.settled('A', 'yes', CLOSE_AT, CLOSE_AT);
    expect(worth.read()).toEqual([
      {
        check: 'priced',
        refused: 2,
        settled: 0,
        closes: 0,
        hours: 0,
        wouldDollars: null,
        lowDollars: null,
        highDollars: null,
      },
    ]);
    expect(worth.read()).toBeUndefined();
  });

  test('results that come long after their hour, as from a file, are of one hour together', () => {
    const worth = checksWorth();
    for (const ticker of ['A', 'B', 'C']) worth.decided(refusal(ticker, 'edge', 'bid', 4_000, 0.01));
    for (const [i, ticker] of ['A', 'B', 'C'].entries())
      worth.settled(ticker, 'yes', CLOSE_AT, CLOSE_AT + 9 * HOUR + i);
    expect(worth.read()).toMatchObject([{ closes: 1, hours: 1, wouldDollars: expect.closeTo(0.59, 9) }]);
  });

  test('the interval holds the truth about nineteen times of twenty, where refusals of an hour share their luck', () => {
    let held = 0;
    const tried = 400;
    for (let trial = 0; trial < tried; trial++) {
      const worth = checksWorth();
      for (let hour = 0; hour < 10; hour++) {
        // Quoted at 50 cents, and worth 50: the truth is minus the fee.
        const yes = uniformAt(trial, hour) < 0.5;
        for (let i = 0; i < 1 + (hour % 4); i++) {
          const ticker = `H${hour}-${i}`;
          worth.decided(refusal(ticker, 'edge', 'bid', 5_000, 0.01));
          const closeAt = CLOSE_AT + hour * HOUR;
          worth.settled(ticker, yes ? 'yes' : 'no', closeAt, closeAt);
        }
      }
      const [read] = worth.read() ?? [];
      if (read?.lowDollars == null || read.highDollars === null) throw new Error('no interval of ten hours');
      if (read.lowDollars <= -0.01 && -0.01 <= read.highDollars) held++;
    }
    expect(held / tried).toBeGreaterThan(0.9);
    expect(held / tried).toBeLessThan(0.995);
  });

  test('contracts that never settle are forgotten', () => {
    const worth = checksWorth();
    for (let i = 0; i < 3_000; i++) worth.decided(refusal(`T${i}`, 'edge', 'bid', 4_000, 0.01));
    worth.settled('T0', 'yes', CLOSE_AT, CLOSE_AT);
    worth.settled('T2999', 'yes', CLOSE_AT, CLOSE_AT);
    expect(worth.read()?.[0]).toMatchObject({ refused: 3_000, settled: 1 });
  });
});
