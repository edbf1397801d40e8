import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { map, of } from 'rxjs';
import type { Acknowledgement, ContractSnapshot, Gap, VenueEvent } from '../../../src/domain/events/venue.ts';
import { kalshiBooks } from '../../../src/venues/kalshi/books.ts';
import { delta, gap, reply, snapshot, tell } from '../../support/kalshi-events.ts';

type Input = VenueEvent | Gap;

const tellAll = (...events: readonly Input[]): readonly string[] => {
  const lines: string[] = [];
  of(...events)
    .pipe(kalshiBooks(), map(tell))
    .subscribe((line) => lines.push(line));
  return lines;
};

/** A book by REST. */
const polled = (ticker: string, bids: readonly number[], asks: readonly number[]): ContractSnapshot => ({
  ...snapshot(0, 0, ticker, bids, asks),
  sid: undefined,
  seq: undefined,
});
/** A reply that lists the markets of a subscription. */
const listing = (sid: number, seq: number | undefined, tickers: readonly string[]): Acknowledgement => ({
  ...reply('ok', { sid, ...(seq !== undefined && { seq }) }),
  tickers,
});

describe('kalshiBooks on polled books', () => {
  test('a polled book is live at once, and each round replaces it whole', () => {
    expect(
      tellAll(
        polled('A', [4_000, 300, 3_900, 100], [5_000, 200]),
        polled('A', [3_900, 100], [5_000, 200]),
        polled('A', [], []),
      ),
    ).toEqual(['A 4000×300/5000×200', 'A 3900×100/5000×200', 'A -/-']);
  });

  test('a round that changes nothing at the top is told as no change of the top', () => {
    expect(
      tellAll(
        polled('A', [4_000, 300, 3_900, 100], [5_000, 200]),
        polled('A', [4_000, 300, 3_800, 700], [5_000, 200]),
      ),
    ).toEqual(['A 4000×300/5000×200', 'A 4000×300/5000×200 deep']);
  });

  test('polled books count in no sequence: rounds between a subscription’s frames open no hole', () => {
    expect(
      tellAll(
        snapshot(1, 1, 'A', [4_000, 300], []),
        polled('B', [100, 5], []),
        delta(1, 2, 'A', 'bid', 4_000, -100),
        polled('B', [200, 5], []),
        delta(1, 3, 'A', 'bid', 4_000, -100),
      ),
    ).toEqual([
      'A 4000×300/-',
      'B 100×5/-',
      'A 4000×200/- by bid 4000 -100',
      'B 200×5/-',
      'A 4000×100/- by bid 4000 -100',
    ]);
  });

  test('no delta follows a polled book: one of a subscription that never sent it is ignored', () => {
    expect(tellAll(polled('A', [4_000, 300], []), delta(1, 1, 'A', 'bid', 4_000, 100))).toEqual([
      'A 4000×300/-',
    ]);
  });

  test('a subscription takes a polled book over with its snapshot, and loses it to a later round', () => {
    expect(
      tellAll(
        polled('A', [4_000, 300], []),
        snapshot(1, 1, 'A', [4_100, 10], []),
        delta(1, 2, 'A', 'bid', 4_100, 5),
        polled('A', [4_000, 300], []),
        delta(1, 3, 'A', 'bid', 4_100, 5),
      ),
    ).toEqual(['A 4000×300/-', 'A 4100×10/-', 'A 4100×15/- by bid 4100 5', 'A 4000×300/-']);
  });

  test('a hole or the end of a subscription voids its own books and leaves polled ones alone', () => {
    expect(
      tellAll(
        snapshot(1, 1, 'A', [4_000, 300], []),
        polled('B', [100, 5], []),
        delta(1, 5, 'A', 'bid', 4_000, 1),
        reply('unsubscribed', { sid: 1, seq: 6 }),
        polled('B', [200, 5], []),
      ),
    ).toEqual([
      'A 4000×300/-',
      'B 100×5/-',
      'gap sequence sid 1: seq 5 after 1, 1 books void',
      'A -/- void',
      'B 200×5/-',
    ]);
  });

  test.each(['disconnect', 'session'] as const)(
    'a %s voids polled books too, and the next round brings them back',
    (cause) => {
      expect(tellAll(polled('A', [4_000, 300], []), gap(cause), polled('A', [4_000, 300], []))).toEqual([
        'A 4000×300/-',
        'A -/- void',
        'A 4000×300/-',
      ]);
    },
  );
});

describe('kalshiBooks on replies that list markets', () => {
  const a = snapshot(1, 1, 'A', [4_000, 300], []);
  const b = snapshot(1, 2, 'B', [100, 5], []);

  test('a market that is not listed any more is let go, void, and a late delta for it is ignored', () => {
    expect(
      tellAll(a, b, listing(1, 3, ['B']), delta(1, 4, 'A', 'bid', 4_000, 1), delta(1, 5, 'B', 'bid', 100, 1)),
    ).toEqual(['A 4000×300/-', 'B 100×5/-', 'A -/- void', 'B 100×6/- by bid 100 1']);
  });

  test('markets that are listed without a book yet change nothing', () => {
    expect(tellAll(a, listing(1, 2, ['A', 'C', 'D']))).toEqual(['A 4000×300/-']);
  });

  test('an empty list lets all books of the subscription go, a reply without a list none', () => {
    expect(tellAll(a, b, listing(1, 3, []))).toEqual([
      'A 4000×300/-',
      'B 100×5/-',
      'A -/- void',
      'B -/- void',
    ]);
    expect(tellAll(a, b, reply('ok', { sid: 1, seq: 3 }))).toEqual(['A 4000×300/-', 'B 100×5/-']);
  });

  test('a list is about its own subscription: books of others and polled ones stay', () => {
    expect(
      tellAll(a, snapshot(2, 1, 'C', [100, 5], []), polled('P', [7, 5], []), listing(1, 2, ['X'])).slice(3),
    ).toEqual(['A -/- void']);
    expect(tellAll(a, listing(2, 1, [])).slice(1)).toEqual([]);
  });

  test('a list with a number takes its place in the sequence, one without does not', () => {
    expect(tellAll(a, listing(1, 2, ['A']), delta(1, 3, 'A', 'bid', 4_000, 1)).slice(1)).toEqual([
      'A 4000×301/- by bid 4000 1',
    ]);
    expect(tellAll(a, listing(1, undefined, ['A']), delta(1, 2, 'A', 'bid', 4_000, 1)).slice(1)).toEqual([
      'A 4000×301/- by bid 4000 1',
    ]);
    expect(tellAll(a, listing(1, 4, ['A'])).slice(1)).toEqual([
      'gap sequence sid 1: seq 4 after 1, 1 books void',
      'A -/- void',
    ]);
  });

  test('a repeated list is dropped by its number: what was added since is not let go', () => {
    expect(
      tellAll(a, listing(1, 2, ['A']), snapshot(1, 3, 'B', [100, 5], []), listing(1, 2, ['A'])).slice(1),
    ).toEqual(['B 100×5/-']);
  });

  test('a book that was let go comes back with its next snapshot', () => {
    expect(tellAll(a, listing(1, 2, []), snapshot(1, 3, 'A', [4_000, 300], [])).slice(1)).toEqual([
      'A -/- void',
      'A 4000×300/-',
    ]);
  });

  test('property: after any additions and removals the live books are those that the last list names', () => {
    const tickers = ['A', 'B', 'C', 'D'];
    fc.assert(
      fc.property(fc.array(fc.subarray(tickers), { minLength: 1, maxLength: 12 }), (lists) => {
        const live = new Set<string>();
        let seq = 0;
        let held: readonly string[] = [];
        const events: Input[] = [];
        for (const list of lists) {
          events.push(listing(1, ++seq, list));
          for (const ticker of list)
            if (!held.includes(ticker)) events.push(snapshot(1, ++seq, ticker, [4_000, 300], []));
          held = list;
        }
        of(...events)
          .pipe(kalshiBooks())
          .subscribe((event) => {
            expect(event.kind).toBe('contractBook');
            if (event.kind !== 'contractBook') return;
            if (event.top.live) live.add(event.ticker);
            else live.delete(event.ticker);
          });
        expect([...live].sort()).toEqual([...held].sort());
      }),
    );
  });
});
