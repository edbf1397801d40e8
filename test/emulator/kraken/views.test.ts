import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KrakenSides, KrakenTicks } from '../../../src/emulator/kraken/emission.ts';
import { krakenViews } from '../../../src/emulator/kraken/views.ts';

type Levels = readonly KrakenTicks[];
type Sides = Pick<KrakenSides, 'bids' | 'asks'>;

const EMPTY: Sides = { bids: [], asks: [] };

/** The oracle: a map of levels, sorted and cut, as Kraken's guide tells a client to keep it. */
const applied = (before: Sides, changes: Sides, depth: number): Sides => {
  const side = (name: 'bids' | 'asks', sign: 1 | -1): Levels => {
    const levels = new Map(before[name].map(({ ticks, lots }) => [ticks, lots]));
    for (const { ticks, lots } of changes[name])
      if (lots > 0) levels.set(ticks, lots);
      else levels.delete(ticks);
    return [...levels]
      .map(([ticks, lots]) => ({ ticks, lots }))
      .sort((a, b) => sign * (a.ticks - b.ticks))
      .slice(0, depth);
  };
  return { bids: side('bids', -1), asks: side('asks', 1) };
};
const top = ({ bids, asks }: Sides, depth: number): Sides => ({
  bids: bids.slice(0, depth),
  asks: asks.slice(0, depth),
});
const checksum = (sides: Sides): number => {
  const { bids, asks } = top(sides, 10);
  return crc32([...asks, ...bids].map(({ ticks, lots }) => `${ticks}${lots}`).join(''));
};
const message = (sides: Sides): KrakenSides => ({ ...sides, checksum: 0 });

// Few prices, so that levels are set, removed, pushed out and come back often.
const side = (least: number) =>
  fc.array(
    fc.record({
      ticks: fc.integer({ min: least, max: least + 39 }),
      lots: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 })),
    }),
    { maxLength: 12 },
  );
const update = fc.record({ bids: side(1_000), asks: side(1_100) });
const DEPTH = 20;
const VIEWS = [10, 15, 20, 25] as const;

describe('krakenViews', () => {
  test('property: after any updates the view of a depth is the top of the book, and so is the book of who follows its changes', () => {
    fc.assert(
      fc.property(
        fc.array(update, { minLength: 1, maxLength: 15 }),
        fc.nat(5),
        fc.nat(3),
        (updates, joinAt, batch) => {
          const views = krakenViews(DEPTH);
          const clients = new Map<number, Sides>();
          let market: Sides = EMPTY;
          updates.forEach((changes, i) => {
            if (i === joinAt)
              for (const depth of VIEWS) {
                views.follow(depth);
                clients.set(depth, views.whole(depth));
              }
            views.apply(message(changes), false);
            market = applied(market, changes, DEPTH);
            // Changes that were not asked for in between come together.
            if (batch > 0 && i % batch > 0) return;
            for (const [depth, told] of views.changes())
              clients.set(depth, applied(clients.get(depth) ?? EMPTY, told, depth));
            for (const [depth, book] of clients) expect(top(book, depth)).toEqual(top(market, depth));
          });
          for (const depth of VIEWS) {
            const { checksum: sum, ...whole } = views.whole(depth);
            expect(whole).toEqual(top(market, depth));
            expect(sum).toBe(checksum(market));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('property: changes carry the checksum of the book after them, tell no level twice, and none that is out of view', () => {
    fc.assert(
      fc.property(fc.array(update, { minLength: 1, maxLength: 15 }), (updates) => {
        const views = krakenViews(DEPTH);
        views.follow(10);
        let market: Sides = EMPTY;
        for (const changes of updates) {
          const before = top(market, 10);
          views.apply(message(changes), false);
          market = applied(market, changes, DEPTH);
          const after = top(market, 10);
          const [[depth, told] = []] = views.changes();
          // Silent exactly where nothing in view changed, but for levels that were only pushed out.
          expect(told === undefined && JSON.stringify(before) !== JSON.stringify(after)).toBe(false);
          if (told === undefined) continue;
          expect(depth).toBe(10);
          expect(told.checksum).toBe(checksum(market));
          for (const name of ['bids', 'asks'] as const) {
            const ticks = told[name].map((level) => level.ticks);
            expect(new Set(ticks).size).toBe(ticks.length);
            for (const level of told[name])
              if (level.lots > 0) expect(after[name]).toContainEqual(level);
              else {
                expect(before[name].map((each) => each.ticks)).toContain(level.ticks);
                expect(market[name].map((each) => each.ticks)).not.toContain(level.ticks);
              }
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('a level that is pushed out is not told, and is told again when it re-enters', () => {
    const views = krakenViews(DEPTH);
    const asks = Array.from({ length: 11 }, (_, i) => ({ ticks: 1_100 + i, lots: 5 }));
    views.apply(message({ bids: [], asks }), true);
    views.follow(10);
    const change = (ticks: number, lots: number) => {
      views.apply(message({ bids: [], asks: [{ ticks, lots }] }), false);
      return views.changes().map(([, sides]) => sides.asks);
    };
    expect(change(1_099, 3)).toEqual([[{ ticks: 1_099, lots: 3 }]]);
    // Out of view, nothing is told of it.
    expect(change(1_109, 7)).toEqual([]);
    expect(change(1_099, 0)).toEqual([
      [
        { ticks: 1_099, lots: 0 },
        { ticks: 1_109, lots: 7 },
      ],
    ]);
  });

  test('a whole book replaces all that was before', () => {
    const views = krakenViews(DEPTH);
    views.apply(message({ bids: [{ ticks: 1_000, lots: 1 }], asks: [{ ticks: 1_100, lots: 1 }] }), true);
    views.follow(10);
    views.apply(message({ bids: [{ ticks: 1_010, lots: 2 }], asks: [] }), true);
    expect(views.whole(10)).toMatchObject({ bids: [{ ticks: 1_010, lots: 2 }], asks: [] });
    expect(views.changes()).toMatchObject([
      [
        10,
        {
          bids: [
            { ticks: 1_000, lots: 0 },
            { ticks: 1_010, lots: 2 },
          ],
          asks: [{ ticks: 1_100, lots: 0 }],
        },
      ],
    ]);
  });

  test('who is not followed is told nothing, and who is, nothing twice', () => {
    const views = krakenViews(DEPTH);
    views.apply(message({ bids: [{ ticks: 1_000, lots: 1 }], asks: [] }), true);
    expect(views.changes()).toEqual([]);
    views.follow(10);
    views.apply(message({ bids: [{ ticks: 1_001, lots: 1 }], asks: [] }), false);
    views.follow(10);
    expect(views.changes()).toHaveLength(1);
    expect(views.changes()).toEqual([]);
  });
});
