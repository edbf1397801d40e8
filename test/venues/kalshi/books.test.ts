import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from, map, type Observable, of } from 'rxjs';
import type { ContractBookChanged } from '../../../src/domain/events/market.ts';
import type { ContractLifecycle, ContractTrade, Gap, VenueEvent } from '../../../src/domain/events/venue.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { kalshiBooks } from '../../../src/venues/kalshi/books.ts';
import { delta, gap, reply, snapshot, tell } from '../../support/kalshi-events.ts';
import { marbles } from '../../support/marbles.ts';
import { toldBooks } from '../../support/told-books.ts';

type Input = VenueEvent | Gap;

const told = (source$: Observable<Input>): Observable<string> => source$.pipe(kalshiBooks(), map(tell));

/** What a list of events is told as. */
function tellAll(events: readonly Input[]): string[] {
  const lines: string[] = [];
  told(of(...events)).subscribe((line) => lines.push(line));
  return lines;
}

/** The changes among what a list of events is told as. */
function changesOf(events: readonly Input[]): ContractBookChanged[] {
  const changes: ContractBookChanged[] = [];
  of(...events)
    .pipe(kalshiBooks())
    .subscribe((event) => event.kind === 'contractBook' && changes.push(event));
  return changes;
}

const trade = (sid: number, seq: number): ContractTrade => ({
  kind: 'contractTrade',
  at: 1,
  receivedAt: 2,
  ticker: 'A',
  sid,
  seq,
  tradeId: 't',
  priceTicks: priceTicks(4000),
  count: count(100),
  taker: 'bid',
  block: false,
});

const lifecycle = (sid: number, seq: number, ticker: string, change: string): ContractLifecycle => ({
  kind: 'contractLifecycle',
  at: 1,
  receivedAt: 2,
  ticker,
  sid,
  seq,
  change,
  openAt: undefined,
  closeAt: undefined,
  event: undefined,
  strikeType: undefined,
  floorUnits: undefined,
  capUnits: undefined,
  tickBands: undefined,
  exchangeIndex: undefined,
  result: undefined,
  deactivated: undefined,
});

const a1 = snapshot(1, 1, 'A', [4000, 300], [5000, 200]);
const b2 = snapshot(1, 2, 'B', [100, 5], []);

describe('kalshiBooks', () => {
  test('a snapshot, a change of the top and one below it are each told once, when they come', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const events = { a: a1, d: delta(1, 2, 'A', 'bid', 4100, 7), e: delta(1, 3, 'A', 'bid', 4000, -1) };
      const source = hot<Input>('-a-d-e-|', events);
      const subs = '             ^------!';
      const expected = '         -x-y-z-|';
      expectObservable(told(source)).toBe(expected, {
        x: 'A 4000×300/5000×200',
        y: 'A 4100×7/5000×200 by bid 4100 7',
        z: 'A 4100×7/5000×200 deep by bid 4000 -1',
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  test('nothing in, nothing out; an error passes; leaving early unsubscribes', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      expectObservable(told(cold<Input>('--|'))).toBe('--|');
      expectObservable(told(cold<Input>('--#'))).toBe('--#');
      const source = hot<Input>('-a-a-a-', { a: a1 });
      expectObservable(told(source), '^--!').toBe('-x--', { x: 'A 4000×300/5000×200' });
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  test('each subscriber has books of its own', () => {
    marbles(({ cold, expectObservable }) => {
      const books = told(cold<Input>('ad|', { a: a1, d: delta(1, 2, 'A', 'ask', 5000, -200) }));
      const expected = 'xy|';
      const values = { x: 'A 4000×300/5000×200', y: 'A 4000×300/- by ask 5000 -200' };
      expectObservable(books).toBe(expected, values);
      expectObservable(books).toBe(expected, values);
    });
  });

  test('a hole voids every book of the sid in one frame, and fresh snapshots bring them back', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot<Input>('abx----yB-z|', {
        a: a1,
        b: b2,
        x: delta(1, 5, 'A', 'bid', 4000, 1),
        y: delta(1, 6, 'B', 'bid', 100, 1),
        B: snapshot(1, 7, 'B', [200, 5], []),
        z: delta(1, 8, 'B', 'bid', 200, 1),
      });
      const expected = '         ab(gAB)-c-z|';
      expectObservable(told(source)).toBe(expected, {
        a: 'A 4000×300/5000×200',
        b: 'B 100×5/-',
        g: 'gap sequence sid 1: seq 5 after 2, 2 books void',
        A: 'A -/- void',
        B: 'B -/- void',
        c: 'B 200×5/-',
        z: 'B 200×6/- by bid 200 1',
      });
    });
  });

  test('books of another sid live through a hole', () => {
    expect(
      tellAll([
        a1,
        snapshot(2, 1, 'B', [100, 5], []),
        delta(1, 9, 'A', 'bid', 4000, 1),
        delta(2, 2, 'B', 'bid', 100, 1),
      ]),
    ).toEqual([
      'A 4000×300/5000×200',
      'B 100×5/-',
      'gap sequence sid 1: seq 9 after 1, 1 books void',
      'A -/- void',
      'B 100×6/- by bid 100 1',
    ]);
  });

  test('a snapshot that shows the hole is good at once', () => {
    expect(tellAll([a1, b2, snapshot(1, 9, 'A', [4200, 1], [])])).toEqual([
      'A 4000×300/5000×200',
      'B 100×5/-',
      'gap sequence sid 1: seq 9 after 2, 2 books void',
      'A -/- void',
      'B -/- void',
      'A 4200×1/-',
    ]);
  });

  test('what was told of a book stays as it was told: an event is a fact and not the book itself', () => {
    const told = changesOf([a1, delta(1, 2, 'A', 'bid', 4100, 7), delta(1, 9, 'A', 'bid', 4000, 1)]);
    const before = structuredClone(told);
    expect(told.map(({ top }) => [top.live, top.bidTicks])).toEqual([
      [true, 4000],
      [true, 4100],
      [false, undefined],
    ]);
    changesOf([a1, delta(1, 2, 'A', 'bid', 4000, -300)]);
    expect(told).toEqual(before);
    expect(JSON.parse(JSON.stringify(told))).toEqual(
      before.map((event) => ({ ...event, top: JSON.parse(JSON.stringify(event.top)) as unknown })),
    );
  });

  test('a change that does not move the top is told with the very top that stood before', () => {
    const [loaded, deep, top] = changesOf([
      a1,
      delta(1, 2, 'A', 'bid', 3900, 5),
      delta(1, 3, 'A', 'bid', 4000, 5),
    ]);
    expect(deep?.topChanged).toBe(false);
    expect(deep?.top).toBe(loaded?.top);
    expect(top?.topChanged).toBe(true);
    expect(top?.top).toMatchObject({ bidTicks: 4000, bidCount: 305 });
  });

  test('versions count the changes of each book from 1, and go on over a hole', () => {
    expect(
      changesOf([
        a1,
        b2,
        delta(1, 3, 'A', 'bid', 4000, 1),
        delta(1, 9, 'B', 'bid', 100, 1),
        snapshot(1, 10, 'A', [1, 1], []),
      ]).map(({ ticker, version, change }) => `${ticker} ${version} ${change.kind}`),
    ).toEqual(['A 1 snapshot', 'B 1 snapshot', 'A 2 delta', 'A 3 void', 'B 2 void', 'A 4 snapshot']);
  });

  test('a book that was let go begins again at 1', () => {
    for (const end of [[lifecycle(4, 1, 'A', 'settled')], [gap('session')], [gap('disconnect')]] as const)
      expect(changesOf([a1, ...end, snapshot(1, 2, 'A', [1, 1], [])]).map(({ version }) => version)).toEqual([
        1, 2, 1,
      ]);
  });

  test('a snapshot’s change holds every level, best first, whatever order the venue wrote them in', () => {
    expect(changesOf([snapshot(1, 1, 'A', [100, 5, 4000, 300], [9000, 1, 5000, 200])])[0]?.change).toEqual({
      kind: 'snapshot',
      bids: [4000, 300, 100, 5],
      asks: [5000, 200, 9000, 1],
    });
  });

  test('replies, trades, lifecycle and index prints use up numbers of their sid, and a hole shows in any of them', () => {
    const print = {
      kind: 'indexPrint',
      at: 1,
      receivedAt: 2,
      indexId: 'BRTI',
      asset: 'BTC',
      units: 1,
      decimals: 2,
      hertz: 1,
    } as const;
    expect(
      tellAll([
        a1,
        reply('ok', { sid: 1, seq: 2 }),
        trade(1, 3),
        lifecycle(1, 4, 'Z', 'created'),
        { ...print, sid: 1, seq: 5 },
        delta(1, 6, 'A', 'bid', 4000, 1),
      ]),
    ).toEqual(['A 4000×300/5000×200', 'A 4000×301/5000×200 by bid 4000 1']);
    expect(
      tellAll([
        { ...print, sid: 5, seq: 1 },
        { ...print, sid: 5, seq: 3 },
      ]),
    ).toEqual(['gap sequence sid 5: seq 3 after 1, 0 books void']);
    expect(tellAll([a1, reply('ok', { sid: 1, seq: 4 })])).toContain('A -/- void');
    expect(
      tellAll([a1, reply('ok', { sid: 1, seq: 9, venue: 'kraken' }), reply('ok', { sid: 1 })]),
    ).toHaveLength(1);
  });

  test('duplicates are dropped, and the next gap tells how many', () => {
    expect(
      tellAll([
        a1,
        b2,
        b2,
        delta(1, 2, 'A', 'bid', 4000, 5),
        delta(1, 3, 'A', 'bid', 4000, 1),
        delta(1, 9, 'A', 'bid', 4000, 1),
      ]),
    ).toEqual([
      'A 4000×300/5000×200',
      'B 100×5/-',
      'A 4000×301/5000×200 by bid 4000 1',
      'gap sequence sid 1: seq 9 after 3, 2 books void, 2 duplicates before',
      'A -/- void',
      'B -/- void',
    ]);
  });

  test('number one again is a new subscription: the books of the old one are void without a gap', () => {
    expect(tellAll([a1, b2, snapshot(1, 1, 'C', [1, 1], [])])).toEqual([
      'A 4000×300/5000×200',
      'B 100×5/-',
      'A -/- void',
      'B -/- void',
      'C 1×1/-',
    ]);
  });

  test('a first number above one is taken as it is', () => {
    expect(tellAll([snapshot(1, 102, 'A', [4000, 1], []), delta(1, 103, 'A', 'bid', 4000, 1)])).toHaveLength(
      2,
    );
  });

  test('a delta before the snapshot, for no known ticker, or on another sid is ignored', () => {
    expect(
      tellAll([
        delta(1, 1, 'A', 'bid', 4000, 1),
        snapshot(1, 2, 'A', [], []),
        delta(1, 3, 'B', 'bid', 4000, 1),
        delta(2, 1, 'A', 'bid', 4000, 1),
      ]),
    ).toEqual(['A -/-']);
  });

  test('a level that would turn negative voids its book alone until the next snapshot', () => {
    expect(
      tellAll([
        a1,
        b2,
        delta(1, 3, 'A', 'bid', 4000, -301),
        delta(1, 4, 'A', 'bid', 4000, 1),
        delta(1, 5, 'B', 'bid', 100, 1),
        snapshot(1, 6, 'A', [3900, 1], []),
      ]),
    ).toEqual([
      'A 4000×300/5000×200',
      'B 100×5/-',
      'gap negativeLevel A: bid 4000 ticks: 300 and -301',
      'A -/- void',
      'B 100×6/- by bid 100 1',
      'A 3900×1/-',
    ]);
  });

  test('the empty snapshot at close leaves a live book without sides', () => {
    expect(tellAll([a1, snapshot(1, 2, 'A', [], [])])).toEqual(['A 4000×300/5000×200', 'A -/-']);
  });

  test('a snapshot with the same top is told as a change below it', () => {
    expect(tellAll([a1, snapshot(1, 2, 'A', [4000, 300, 10, 1], [5000, 200])])).toEqual([
      'A 4000×300/5000×200',
      'A 4000×300/5000×200 deep',
    ]);
  });

  test.each(['session', 'disconnect'] as const)('a %s of kalshi forgets sids and books, once', (cause) => {
    expect(
      tellAll([
        a1,
        b2,
        gap(cause),
        gap(cause),
        delta(1, 3, 'A', 'bid', 4000, 1),
        snapshot(1, 4, 'A', [1, 1], []),
      ]),
    ).toEqual(['A 4000×300/5000×200', 'B 100×5/-', 'A -/- void', 'B -/- void', 'A 1×1/-']);
  });

  test('gaps of another venue or of another cause change nothing', () => {
    expect(
      tellAll([a1, gap('disconnect', 'kraken'), gap('checksum'), delta(1, 2, 'A', 'bid', 4000, 1)]),
    ).toEqual(['A 4000×300/5000×200', 'A 4000×301/5000×200 by bid 4000 1']);
  });

  test('unsubscribing, a terminal error and a new subscription void the books of their sid', () => {
    expect(tellAll([a1, reply('unsubscribed', { sid: 1, seq: 2 })]).slice(1)).toEqual(['A -/- void']);
    expect(tellAll([a1, reply('subscribed', { sid: 1 }), snapshot(1, 1, 'A', [1, 1], [])]).slice(1)).toEqual([
      'A -/- void',
      'A 1×1/-',
    ]);
    const refused = (detail: string): string[] =>
      tellAll([a1, reply('error', { sid: 1, seq: 2, accepted: false, detail })]).slice(1);
    expect(refused('25: subscription buffer overflow')).toEqual([
      'gap sequence sid 1: subscription ended by 25: subscription buffer overflow, 1 books void',
      'A -/- void',
    ]);
    expect(refused('7: unknown sid')).toEqual([]);
  });

  test('a determined market lets go of its book, and what comes late does not bring it back', () => {
    expect(
      tellAll([
        a1,
        lifecycle(4, 1, 'A', 'determined'),
        delta(1, 2, 'A', 'bid', 4000, 1),
        lifecycle(4, 2, 'A', 'settled'),
      ]),
    ).toEqual(['A 4000×300/5000×200', 'A -/- void']);
    expect(
      changesOf([a1, lifecycle(4, 1, 'A', 'determined'), snapshot(1, 2, 'A', [100, 1], [])]).map(
        ({ version, top }) => [version, top.live],
      ),
    ).toEqual([
      [1, true],
      [2, false],
      [1, true],
    ]);
  });

  test('property: what is told, applied change by change, gives maps of levels kept by the rules alone, whatever arrives', () => {
    const tickers = ['A', 'B', 'C'] as const;
    const prices = [100, 4000, 4010, 5000];
    const level = fc.tuple(fc.constantFrom(...prices), fc.integer({ min: 1, max: 9 }));
    const where = { sid: fc.constantFrom(1, 2), ticker: fc.constantFrom(...tickers) };
    // How far the number moves from the last of its sid: mostly one on, sometimes a duplicate or a hole.
    const step = fc.oneof(
      { weight: 12, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.constantFrom(0, 2, 5) },
    );
    const action = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('snapshot' as const),
          ...where,
          step,
          levels: fc.array(level, { maxLength: 4 }),
        }),
      },
      {
        weight: 12,
        arbitrary: fc.record({
          kind: fc.constant('delta' as const),
          ...where,
          step,
          side: fc.constantFrom('bid' as const, 'ask' as const),
          ticks: fc.constantFrom(...prices),
          change: fc.integer({ min: -4, max: 6 }),
        }),
      },
      { weight: 1, arbitrary: fc.constant({ kind: 'disconnect' as const }) },
    );
    interface Model {
      sid: number;
      bid: Map<number, number>;
      ask: Map<number, number>;
    }
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const last = new Map<number, number>();
        const live = new Map<string, Model>();
        const events: Input[] = [];
        const expected: Map<string, Model>[] = [];
        for (const action of actions) {
          if (action.kind === 'disconnect') {
            events.push(gap('disconnect'));
            last.clear();
            live.clear();
          } else {
            const { sid, ticker, step } = action;
            const before = last.get(sid);
            // Numbers start high so that none is ever one again.
            const seq = before === undefined ? 10 : before + step;
            if (step > 1 && before !== undefined)
              for (const [name, model] of live) if (model.sid === sid) live.delete(name);
            last.set(sid, seq);
            const fresh = before === undefined || step > 0;
            if (action.kind === 'snapshot') {
              events.push(snapshot(sid, seq, ticker, action.levels.flat(), action.levels.flat()));
              if (fresh) live.set(ticker, { sid, bid: new Map(action.levels), ask: new Map(action.levels) });
            } else {
              events.push(delta(sid, seq, ticker, action.side, action.ticks, action.change));
              const model = live.get(ticker);
              if (fresh && model?.sid === sid) {
                const after = (model[action.side].get(action.ticks) ?? 0) + action.change;
                if (after < 0) live.delete(ticker);
                else model[action.side].set(action.ticks, after);
              }
            }
          }
          expected.push(structuredClone(live));
        }
        const told = toldBooks();
        let i = 0;
        const check = (): void => {
          const model = expected[i++] ?? new Map<string, Model>();
          for (const ticker of tickers) {
            const book = told.get(ticker);
            const known = model.get(ticker);
            expect(book?.top.live ?? false).toBe(known !== undefined);
            const best: number[] = [];
            for (const side of ['bid', 'ask'] as const) {
              const sorted = [...(known?.[side] ?? [])]
                .filter(([, n]) => n > 0)
                .sort(([a], [b]) => (side === 'bid' ? b - a : a - b));
              expect(book?.levels(side) ?? []).toEqual(sorted);
              best.push(sorted[0]?.[0] ?? 0, sorted[0]?.[1] ?? 0);
            }
            const {
              bidTicks = 0,
              askTicks = 0,
              bidCount = 0,
              askCount = 0,
              crossed = false,
            } = book?.top ?? {};
            expect([bidTicks, bidCount, askTicks, askCount]).toEqual(best);
            expect(crossed).toBe(bidTicks > 0 && askTicks > 0 && bidTicks >= askTicks);
          }
        };
        // One event at a time, so that the state is compared after each.
        const input = (function* (): Generator<Input> {
          for (const event of events) {
            yield event;
            check();
          }
        })();
        from(input)
          .pipe(kalshiBooks())
          .subscribe((event) => event.kind === 'contractBook' && told.add(event));
        expect(i).toBe(events.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe('kalshiBooks against numbers and names that cannot be', () => {
  test('property: a number far ahead voids the books once, is not believed, and the next number goes on', () => {
    const far = fc.oneof(fc.integer({ min: 1_000_010, max: 2 ** 53 - 1 }), fc.constant(2 ** 53 - 1));
    fc.assert(
      fc.property(far, fc.integer({ min: 2, max: 9 }), (seq, next) => {
        const lines = tellAll([
          snapshot(1, 1, 'A', [4_000, 100], []),
          delta(1, seq, 'A', 'bid', 4_000, 100),
          snapshot(1, next, 'A', [4_100, 100], []),
          delta(1, next + 1, 'A', 'bid', 4_100, 100),
        ]);
        expect(lines.filter((line) => line.includes(`seq ${seq} after 1`))).toHaveLength(1);
        const changes = changesOf([
          snapshot(1, 1, 'A', [4_000, 100], []),
          delta(1, seq, 'A', 'bid', 4_000, 100),
          snapshot(1, next, 'A', [4_100, 100], []),
          delta(1, next + 1, 'A', 'bid', 4_100, 100),
        ]);
        expect(changes.map(({ change }) => change.kind)).toEqual(['snapshot', 'void', 'snapshot', 'delta']);
        expect(changes.at(-1)?.top.bidCount).toBe(200);
      }),
    );
  });

  test('no more than 2,048 books are kept: the oldest becomes void, which is told, and the newest stand', () => {
    const changes = changesOf(
      Array.from({ length: 2_050 }, (_, i) => snapshot(1, i + 1, `M${i}`, [4_000, 100], [])),
    );
    const voided = changes.filter(({ change }) => change.kind === 'void').map(({ ticker }) => ticker);
    expect(voided).toEqual(['M0', 'M1']);
  });

  test('a level that grows beyond any count that can be voids its book', () => {
    const most = 100_000_000_000;
    const kinds = (step: number): readonly string[] =>
      changesOf([snapshot(1, 1, 'A', [4_000, most - 1], []), delta(1, 2, 'A', 'bid', 4_000, step)]).map(
        ({ change }) => change.kind,
      );
    expect(kinds(1)).toEqual(['snapshot', 'delta']);
    expect(kinds(2)).toEqual(['snapshot', 'void']);
  });
});
