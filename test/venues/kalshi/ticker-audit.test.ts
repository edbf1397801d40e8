import { describe, expect, test } from '@jest/globals';
import { connect, filter, map, merge, type Observable } from 'rxjs';
import type { ContractTicker, Gap, VenueEvent } from '../../../src/domain/events/venue.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { kalshiBooks } from '../../../src/venues/kalshi/books.ts';
import { tickerAudit } from '../../../src/venues/kalshi/ticker-audit.ts';
import { delta, gap, snapshot } from '../../support/kalshi-events.ts';
import { marbles } from '../../support/marbles.ts';

type Input = VenueEvent | Gap;

const ticker = (bid: number | undefined, ask: number | undefined, name = 'A'): ContractTicker => ({
  kind: 'contractTicker',
  at: 1,
  receivedAt: 2,
  ticker: name,
  lastTicks: priceTicks(4000),
  bidTicks: bid === undefined ? undefined : priceTicks(bid),
  askTicks: ask === undefined ? undefined : priceTicks(ask),
  volume: count(0),
  openInterest: count(0),
});

/** Books and audit wired as in the graph; `e` exact, `c` within a cent, `o` off. */
const audited = (source$: Observable<Input>): Observable<string> =>
  source$.pipe(
    connect((shared$) =>
      merge(shared$.pipe(kalshiBooks()), shared$.pipe(filter((event) => event.kind === 'contractTicker'))),
    ),
    tickerAudit(),
    map(({ exact, withinCent }) => (exact ? 'e' : withinCent ? 'c' : 'o')),
  );

const book = snapshot(1, 1, 'A', [4000, 300], [5000, 200]);

describe('tickerAudit', () => {
  test('each ticker is compared with the book as it stands then', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot<Input>('t-btud-tu|', {
        b: book,
        d: delta(1, 2, 'A', 'bid', 4100, 5),
        t: ticker(4000, 5000),
        u: ticker(4200, 5000),
      });
      const subs = '             ^--------!';
      const expected = '         ---eo--cc|';
      expectObservable(audited(source)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  test('an empty side of the ticker counts as a bid of nothing or an ask of a dollar', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot<Input>('bt-cu|', {
        b: snapshot(1, 1, 'A', [100, 5], [5000, 1]),
        t: ticker(undefined, 5000),
        c: snapshot(1, 2, 'A', [4000, 5], [9800, 1]),
        u: ticker(4000, undefined),
      });
      expectObservable(audited(source)).toBe('-c--o|');
    });
  });

  test('a book with one side, a void one and one never seen are not compared', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot<Input>('bt-ogtx-t|', {
        b: snapshot(1, 1, 'A', [4000, 5], []),
        o: book,
        g: gap('disconnect'),
        t: ticker(4000, 5000),
        x: ticker(4000, 5000, 'B'),
      });
      expectObservable(audited(source)).toBe('---------|');
    });
  });

  test('an error passes, leaving early unsubscribes, and each subscriber compares for itself', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      expectObservable(audited(cold<Input>('--#'))).toBe('--#');
      const source = hot<Input>('bt-t-', { b: book, t: ticker(4000, 5000) });
      expectObservable(audited(source), '^-!').toBe('-e-');
      expectObservable(audited(source), '--^-!').toBe('-----');
      expectSubscriptions(source.subscriptions).toBe(['^-!', '--^-!']);
    });
  });

  test('times are the ticker frame’s own', () => {
    const seen: unknown[] = [];
    marbles(({ cold, flush }) => {
      merge(cold<Input>('b', { b: book }).pipe(kalshiBooks()), cold<Input>('-t', { t: ticker(4000, 5000) }))
        .pipe(tickerAudit())
        .subscribe((comparison) => seen.push(comparison));
      flush();
    });
    expect(seen).toEqual([
      { kind: 'tickerComparison', at: 1, receivedAt: 2, ticker: 'A', exact: true, withinCent: true },
    ]);
  });
});
