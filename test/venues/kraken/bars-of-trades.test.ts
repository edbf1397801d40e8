import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MinuteBar } from '../../../src/domain/bars.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { addTrades, type BarsState, barsUntil, noBars } from '../../../src/venues/kraken/bars-of-trades.ts';
import type { KrakenTradeRow } from '../../../src/venues/kraken/rest-wire.ts';
import { printed } from './trades-server.ts';

const START = 1_758_888_000 * SECOND;

/** A trade at microseconds past the start. */
const row = (tradeId: number, micros: number, price: number, lots = 1): KrakenTradeRow =>
  printed(tradeId, BigInt(START + micros) * 1_000n, price, lots).row;
const bar = (minute: number, rest: Partial<MinuteBar>): MinuteBar => ({
  openAt: START + minute * MINUTE,
  open: 5,
  high: 5,
  low: 5,
  close: 5,
  volume: 0,
  flag: 0,
  ...rest,
});

describe('bars of trades', () => {
  test('a minute is done when a later trade comes: first, highest, lowest and last price, and what changed hands', () => {
    const { bars, state } = addTrades(noBars(START), [
      row(1, 0, 5, 10_000),
      row(2, SECOND, 7, 1),
      row(3, 2 * SECOND, 4, 2),
      row(4, 59 * SECOND, 6, 3),
      row(5, MINUTE, 8, 1),
    ]);
    expect(bars).toEqual([bar(0, { open: 5, high: 7, low: 4, close: 6, volume: 1.0006 })]);
    expect(state).toEqual({
      minute: START + MINUTE,
      bar: bar(1, { open: 8, high: 8, low: 8, close: 8, volume: 0.0001 }),
      close: 6,
      lastId: 5,
      missingTrades: 0,
    });
  });

  test('minutes without a trade are flat at the close before them, and there are none before the first trade', () => {
    const { bars, state } = addTrades(noBars(START), [row(1, 2 * MINUTE, 5), row(2, 5 * MINUTE, 9)]);
    expect(bars).toEqual([bar(2, { volume: 0.0001 }), bar(3, {}), bar(4, {})]);
    expect(barsUntil(state, START + 8 * MINUTE).bars).toEqual([
      bar(5, { open: 9, high: 9, low: 9, close: 9, volume: 0.0001 }),
      bar(6, { open: 9, high: 9, low: 9, close: 9 }),
      bar(7, { open: 9, high: 9, low: 9, close: 9 }),
    ]);
    expect(barsUntil(noBars(START), START + 3 * MINUTE).bars).toEqual([]);
  });

  test('up to thirty minutes without a trade are flat, a longer run is an outage without bars', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90 }), fc.boolean(), (empty, ended) => {
        const until = (1 + empty) * MINUTE;
        const first = addTrades(noBars(START), [row(1, 0, 5)]).state;
        const { bars } = ended ? barsUntil(first, START + until) : addTrades(first, [row(2, until, 5)]);
        expect(bars.map(({ openAt }) => (openAt - START) / MINUTE)).toEqual(
          Array.from({ length: empty <= 30 ? 1 + empty : 1 }, (_, n) => n),
        );
      }),
    );
  });

  test('a hole in the ids is counted, and the bars on both sides of it and between have a flag', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 600 }), (later, missing) => {
        const rows = [
          row(7, 0, 5),
          row(8, MINUTE, 5),
          row(9 + missing, (1 + later) * MINUTE + SECOND, 5),
          row(10 + missing, (2 + later) * MINUTE + SECOND, 5),
          row(11 + missing, (3 + later) * MINUTE + SECOND, 5),
        ];
        const { bars, state } = addTrades(noBars(START), rows);
        expect(state.missingTrades).toBe(missing);
        expect(bars.map(({ flag }) => flag)).toEqual(
          bars.map((_, minute) => {
            if (missing === 0 || minute < 1 || minute > 1 + later) return 0;
            return minute > 1 && minute < 1 + later ? 2 : 1;
          }),
        );
      }),
    );
  });

  test('only whole minutes are done, and a start within one begins with it', () => {
    const { state } = addTrades(noBars(START + 7 * SECOND), [row(1, SECOND, 5)]);
    expect(barsUntil(state, START + MINUTE - 1).bars).toEqual([]);
    expect(barsUntil(state, START + MINUTE).bars).toEqual([bar(0, { volume: 0.0001 })]);
  });

  test('trades before the start are passed over', () => {
    const { bars, state } = addTrades(noBars(START), [row(1, -1, 99), row(2, 0, 5)]);
    expect([bars, state.bar?.high]).toEqual([[], 5]);
  });

  test('however pages cut and overlap, and if the state is written down between them, the bars are those of the trades', () => {
    const trades = fc.array(
      fc.record({
        gap: fc.oneof(fc.nat(20 * SECOND), fc.nat(4 * MINUTE)),
        price: fc.integer({ min: 1, max: 9 }),
        lots: fc.integer({ min: 1, max: 3_000 }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    const cuts = fc.array(fc.record({ length: fc.integer({ min: 1, max: 9 }), overlap: fc.nat(3) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(trades, cuts, (list, pages) => {
        let micros = 0;
        const all = list.map(({ gap, price, lots }, n) => {
          micros += gap;
          return { minute: Math.floor(micros / MINUTE), price, lots, row: row(n + 1, micros, price, lots) };
        });
        const lastMinute = all.at(-1)?.minute ?? 0;

        const expected: MinuteBar[] = [];
        for (let minute = all[0]?.minute ?? 0; minute <= lastMinute; minute++) {
          const its = all.filter((each) => each.minute === minute);
          const before = expected.at(-1)?.close ?? 0;
          const prices = its.length ? its.map(({ price }) => price) : [before];
          expected.push({
            openAt: START + minute * MINUTE,
            open: prices[0] as number,
            high: Math.max(...prices),
            low: Math.min(...prices),
            close: prices.at(-1) as number,
            volume: its.reduce((sum, { lots }) => sum + lots, 0) / 1e4,
            flag: 0,
          });
        }

        const made: MinuteBar[] = [];
        let state: BarsState = noBars(START);
        let from = 0;
        for (const { length, overlap } of [...pages, { length: all.length, overlap: 0 }]) {
          const first = Math.max(0, from - overlap);
          const { bars, state: next } = addTrades(
            state,
            all.slice(first, from + length).map((each) => each.row),
          );
          made.push(...bars);
          const { bar: forming, close, ...rest } = JSON.parse(JSON.stringify(next)) as BarsState;
          state = { ...rest, bar: forming, close };
          from += length;
        }
        made.push(...barsUntil(state, START + (lastMinute + 1) * MINUTE).bars);
        expect(made).toEqual(expected);
      }),
    );
  });
});
