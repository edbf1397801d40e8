import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from } from 'rxjs';
import type { SpotTrade } from '../../../src/domain/events/venue.ts';
import type { Decoded } from '../../../src/operators/decode.ts';
import { krakenTrades } from '../../../src/venues/kraken/trades.ts';

/*
 * Invariants, whatever is lost, repeated, reordered or fetched late:
 *  1. every trade that came, from the first one known on, passes exactly once, as it was;
 *  2. a gap names exactly the ids that were skipped, and comes before the trade that shows it;
 *  3. `recovered` comes once for a hole, with the last of its trades, and never for one that is not whole;
 *  4. what passes as new is in order: nothing late is taken for news.
 */

const trade = (tradeId: number, rest: Partial<SpotTrade>): SpotTrade => ({
  kind: 'spotTrade',
  at: tradeId * 10,
  receivedAt: 0,
  venue: 'kraken',
  symbol: 'BTC/USD',
  price: 60_000 + tradeId,
  quantity: tradeId / 4,
  taker: tradeId % 2 ? 'buy' : 'sell',
  tradeId,
  replayed: false,
  ...rest,
});

/** What happens to the feed. Ids are offsets from the newest trade of the market. */
type Turn =
  | { readonly kind: 'trades'; readonly heard: readonly boolean[] }
  | { readonly kind: 'again'; readonly back: number }
  | { readonly kind: 'snapshot'; readonly missed: number; readonly length: number }
  | { readonly kind: 'page'; readonly back: number; readonly length: number; readonly shuffle: number };

const turns: fc.Arbitrary<readonly Turn[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('trades' as const),
        heard: fc.array(fc.boolean(), { maxLength: 8 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), back: fc.nat(12) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('snapshot' as const),
        missed: fc.nat(12),
        length: fc.integer({ min: 1, max: 8 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('page' as const),
        back: fc.nat(40),
        length: fc.integer({ min: 1, max: 30 }),
        shuffle: fc.nat(3),
      }),
    },
  ),
  { maxLength: 40 },
);

/** The trades as they arrive. */
function arrivals(script: readonly Turn[]): readonly SpotTrade[] {
  const out: SpotTrade[] = [];
  let newest = 100;
  script.forEach((turn, n) => {
    const receivedAt = 1_000_000 + n;
    switch (turn.kind) {
      case 'trades':
        for (const heard of turn.heard) {
          newest++;
          if (heard) out.push(trade(newest, { receivedAt }));
        }
        return;
      case 'again':
        out.push(trade(newest - turn.back, { receivedAt }));
        return;
      case 'snapshot':
        newest += turn.missed;
        for (let id = newest - turn.length + 1; id <= newest; id++)
          out.push(trade(id, { receivedAt, replayed: true }));
        return;
      case 'page': {
        const first = newest - turn.back;
        const ids = Array.from({ length: Math.min(turn.length, newest - first + 1) }, (_, i) => first + i);
        const turned = turn.shuffle % 2 ? ids.toReversed() : ids;
        for (const id of turn.shuffle > 1 ? [...turned, ...turned] : turned)
          out.push(trade(id, { receivedAt, replayed: true }));
        return;
      }
    }
  });
  return out;
}

/** What must come out, told by sets alone; `replayed` is left to the invariants. */
function oracle(events: readonly SpotTrade[]): readonly string[] {
  const out: string[] = [];
  const seen = new Set<number>();
  let last: number | undefined;
  let first = 0;
  const holes: (readonly [first: number, last: number])[] = [];
  for (const { tradeId: id } of events) {
    if (last === undefined) first = id;
    if (id < first || seen.has(id)) continue;
    const late = last !== undefined && id < last;
    if (last !== undefined && id > last + 1) {
      holes.push([last + 1, id - 1]);
      out.push(`gap ${last + 1} to ${id - 1} since ${last * 10}`);
    }
    seen.add(id);
    out.push(`trade ${id}`);
    const hole = late ? holes.find(([from, to]) => id >= from && id <= to) : undefined;
    if (
      hole &&
      Array.from({ length: hole[1] - hole[0] + 1 }, (_, i) => hole[0] + i).every((each) => seen.has(each))
    )
      out.push(`recovered trades ${hole[0]} to ${hole[1]} came late`);
    last = Math.max(last ?? id, id);
  }
  return out;
}

const told = (event: Decoded): string => {
  switch (event.kind) {
    case 'spotTrade':
      return `trade ${event.tradeId}`;
    case 'gap':
      return `gap ${event.missing?.firstId} to ${event.missing?.lastId} since ${event.missing?.sinceAt}`;
    case 'recovered':
      return `recovered ${event.detail}`;
    default:
      return event.kind;
  }
};

const through = (events: readonly Decoded[]): readonly Decoded[] => {
  const out: Decoded[] = [];
  from(events)
    .pipe(krakenTrades())
    .subscribe((event) => out.push(event));
  return out;
};

describe('krakenTrades and holes', () => {
  test('no trade is lost or doubled, gaps name what is missing, and each hole recovers once it is whole', () => {
    fc.assert(
      fc.property(turns, (script) => {
        const came = arrivals(script);
        const out = through(came);
        expect(out.map(told)).toEqual(oracle(came));
        const firstOf = new Map<number, SpotTrade>();
        for (const each of came) if (!firstOf.has(each.tradeId)) firstOf.set(each.tradeId, each);
        for (const event of out)
          if (event.kind === 'spotTrade')
            expect({ ...event, replayed: false }).toEqual({ ...firstOf.get(event.tradeId), replayed: false });
      }),
      { numRuns: 500 },
    );
  });

  test('what passes as new is in order, and what fills a hole is never new', () => {
    fc.assert(
      fc.property(turns, (script) => {
        let newest = Number.NEGATIVE_INFINITY;
        for (const event of through(arrivals(script))) {
          if (event.kind !== 'spotTrade') continue;
          if (event.tradeId < newest) expect(event.replayed).toBe(true);
          newest = Math.max(newest, event.tradeId);
        }
      }),
    );
  });

  test('a hole filled in two pages recovers with the second, and a third says nothing', () => {
    const live = [1, 2, 6].map((id) => trade(id, {}));
    const page = (...ids: readonly number[]) => ids.map((id) => trade(id, { replayed: true, receivedAt: 9 }));
    expect(through([...live, ...page(2, 3, 4), ...page(4, 5, 6), ...page(3, 4, 5)]).map(told)).toEqual([
      'trade 1',
      'trade 2',
      'gap 3 to 5 since 20',
      'trade 6',
      'trade 3',
      'trade 4',
      'trade 5',
      'recovered trades 3 to 5 came late',
    ]);
  });

  test('beyond sixty-four holes the oldest is given up: its trades do not pass, the others still do', () => {
    const odd = Array.from({ length: 66 }, (_, n) => trade(2 * n + 1, {}));
    const late = [2, 4, 130].map((id) => trade(id, { replayed: true, receivedAt: 9 }));
    const out = through([...odd, ...late]).map(told);
    expect(out.slice(out.indexOf('trade 131') + 1)).toEqual([
      'trade 4',
      'recovered trades 4 to 4 came late',
      'trade 130',
      'recovered trades 130 to 130 came late',
    ]);
  });

  test('holes that were filled do not count: the oldest open one is still waited for after a hundred of them', () => {
    const feed = Array.from({ length: 100 }, (_, n) => [
      trade(2 * n + 1, {}),
      ...(n > 1 ? [trade(2 * n, { replayed: true, receivedAt: 9 })] : []),
    ]).flat();
    const out = through([...feed, trade(2, { replayed: true, receivedAt: 9 })]).map(told);
    expect(out.slice(-2)).toEqual(['trade 2', 'recovered trades 2 to 2 came late']);
  });
});
