import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count, priceTicks } from '../../../src/domain/money.ts';
import type { DeskInput } from '../../../src/execution/desk/desk-events.ts';
import { inputsDigest } from '../../../src/execution/desk/inputs-digest.ts';
import { bookOf } from '../../risk/samples.ts';
import { bookTeller } from '../../support/book-events.ts';

interface Move {
  readonly at: number;
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly ticks: number;
  readonly change: number;
}

const moved = ({ at, ticker, side, ticks, change }: Move): DeskInput => ({
  kind: 'contractBook',
  at,
  receivedAt: at,
  ticker,
  version: 1,
  top: bookOf({ ticker }),
  topChanged: false,
  change: { kind: 'delta', side, priceTicks: priceTicks(ticks), change: count(change) },
});
const loaded = (bids: readonly number[], asks: readonly number[]): DeskInput =>
  bookTeller('A').load({ at: 1, receivedAt: 1 }, bids, asks);
const digestOf = (events: readonly DeskInput[]): string => {
  const digest = inputsDigest();
  for (const event of events) digest.add(event);
  return digest.read();
};

const move: fc.Arbitrary<Move> = fc.record({
  at: fc.integer({ min: 1_700_000_000_000_000, max: 1_900_000_000_000_000 }),
  ticker: fc.constantFrom('KXBTCD-A', 'KXBTCD-B', 'KXBTC15M-C'),
  side: fc.constantFrom('bid' as const, 'ask' as const),
  ticks: fc.integer({ min: 1, max: 9_999 }),
  change: fc.integer({ min: -1_000_000, max: 1_000_000 }),
});
const walk = fc.array(move, { minLength: 1, maxLength: 30 });

/** Asserts that any walk reads differently after one of its moves is `altered`. */
const tells = (altered: (move: Move, by: number) => Move): void =>
  fc.assert(
    fc.property(walk, fc.nat(), fc.integer({ min: 1, max: 500 }), (moves, pick, by) => {
      const which = pick % moves.length;
      const other = moves.map((each, i) => (i === which ? altered(each, by) : each));
      expect(digestOf(other.map(moved))).not.toBe(digestOf(moves.map(moved)));
    }),
  );

describe('inputsDigest', () => {
  test('property: another price of any delta changes the reading', () => {
    tells((each, by) => ({ ...each, ticks: ((each.ticks + by - 1) % 9_999) + 1 }));
  });

  test('property: another count of any delta changes the reading', () => {
    tells((each, by) => ({ ...each, change: each.change + by }));
  });

  test('property: another time, even one a whole turn of 2³² µs away, changes the reading', () => {
    tells((each, by) => ({ ...each, at: each.at + by }));
    tells((each, by) => ({ ...each, at: each.at + by * 2 ** 32 }));
  });

  test('property: the other side, or another contract, changes the reading', () => {
    tells((each) => ({ ...each, side: each.side === 'bid' ? 'ask' : 'bid' }));
    tells((each) => ({ ...each, ticker: each.ticker === 'KXBTCD-A' ? 'KXBTCD-B' : 'KXBTCD-A' }));
  });

  test('property: the same inputs give the same reading, of eight digits, and order counts', () => {
    fc.assert(
      fc.property(walk, (moves) => {
        const reading = digestOf(moves.map(moved));
        expect(reading).toMatch(/^[0-9a-f]{8}$/);
        expect(digestOf(moves.map(moved))).toBe(reading);
      }),
    );
    const [a, b] = [loaded([4_000, 100], []), loaded([], [6_000, 100])];
    expect(digestOf([a, b])).not.toBe(digestOf([b, a]));
  });

  test('a snapshot counts with every level, its count and its side', () => {
    const readings = [
      loaded([4_000, 100, 3_900, 100], [6_000, 100]),
      loaded([4_000, 100, 3_900, 101], [6_000, 100]),
      loaded([4_000, 100, 3_800, 100], [6_000, 100]),
      loaded([4_000, 100], [3_900, 100, 6_000, 100]),
      loaded([4_000, 100, 3_900, 100, 6_000, 100], []),
    ].map((event) => digestOf([event]));
    expect(new Set(readings).size).toBe(readings.length);
  });

  test('prints, tickers, trades, forecasts and strikes count; a wake does not', () => {
    const stamp = { at: 5, receivedAt: 5 };
    const print = (units: number): DeskInput => ({
      kind: 'indexPrint',
      ...stamp,
      indexId: 'BRTI',
      sid: 1,
      seq: 1,
      asset: 'BTC',
      units,
      decimals: 2,
      hertz: 1,
    });
    const index = (value: number): DeskInput => ({
      kind: 'index',
      asset: 'BTC',
      ...stamp,
      value,
      source: 'twin',
      variance: 0,
    });
    const trade = (price: number): DeskInput => ({
      kind: 'spotTrade',
      ...stamp,
      venue: 'kraken',
      symbol: 'BTC/USD',
      price,
      quantity: 1,
      taker: 'buy',
      tradeId: 1,
      replayed: false,
    });
    const tick = (last: number): DeskInput => ({
      kind: 'contractTicker',
      ...stamp,
      ticker: 'A',
      lastTicks: priceTicks(last),
      bidTicks: undefined,
      askTicks: undefined,
      volume: count(0),
      openInterest: count(0),
    });
    for (const [a, b] of [
      [print(8_000_000), print(8_000_001)],
      [index(80_000), index(80_000.00000001)],
      [trade(80_000.1), trade(80_000.2)],
      [tick(4_000), tick(4_010)],
    ] as const)
      expect(digestOf([a])).not.toBe(digestOf([b]));
    expect(digestOf([print(1), { kind: 'wake', of: 'BTC' }])).toBe(digestOf([print(1)]));
  });
});
