import { describe, expect, test } from '@jest/globals';
import { filter, ignoreElements, map, merge, NEVER, type Observable } from 'rxjs';
import type { EdgeClock } from '../../../src/transport/edge-clock.ts';
import { timedMarbles } from '../../support/marble-clock.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { type FakeVenue, fakeVenue } from './fake-venue.ts';
import { A, feedOf, line, MINUTE_MS, SID, session } from './session-bench.ts';

describe('kalshiFeed: rollover', () => {
  forbidWallClock();
  /** What is asked of the books’ subscription, by the clock. */
  const commands = (venue: FakeVenue, clock: EdgeClock): Observable<string> =>
    merge(
      venue.command$.pipe(
        filter(
          ({ cmd, params }) =>
            String(cmd === 'subscribe' ? params['channels'] : params['sids']) ===
            (cmd === 'subscribe' ? 'orderbook_delta' : String(SID)),
        ),
        map(line),
      ),
      feedOf(venue, clock)(NEVER).pipe(ignoreElements()),
    );

  test('by the clock alone: the next contract is added as it opens, and the last one leaves half a minute after its close', () => {
    timedMarbles(({ expectObservable }, clock) => {
      const venue = fakeVenue({
        clock,
        markets: [
          { ticker: 'KXBTC15M-A', openMs: 0, closeMs: 20_000 },
          { ticker: 'KXBTC15M-B', openMs: 20_000, closeMs: 120_000 },
          { ticker: 'KXBTC15M-C', openMs: 120_000, closeMs: 220_000 },
        ],
      });
      const unsub = '   60s !';
      const expected = '10ms s 19989ms b 29999ms a';
      expectObservable(commands(venue, clock), unsub).toBe(expected, {
        s: 'subscribe orderbook_delta A',
        b: 'add_markets 3 B',
        a: 'delete_markets 3 A',
      });
    });
  });

  test('by lifecycle: one that is created, brought forward or determined is followed within a quarter of a second, without asking REST', () => {
    timedMarbles(({ cold, expectObservable, flush }, clock) => {
      const venue = fakeVenue({ clock, markets: [{ ticker: 'KXBTC15M-A', openMs: 0, closeMs: 90_000 }] });
      const life = (ticker: string, event_type: string, rest: object = {}): object => ({
        type: 'market_lifecycle_v2',
        sid: 1,
        msg: { market_ticker: `KXBTC15M-${ticker}`, event_type, ...rest },
      });
      const frame$ = cold('1200ms c 998ms n 4s x 998ms d', {
        c: life('B', 'created', { open_ts: 3, close_ts: 90 }),
        n: life('C', 'created', { open_ts: 50, close_ts: 90 }),
        x: life('C', 'metadata_updated', { open_ts: 5 }),
        d: life('A', 'determined'),
      });
      const spoken$ = frame$.pipe(map(venue.say), ignoreElements());
      const unsub = '   20s !';
      // B at its open; C at the tick after its open was brought forward (6.2 s); A at the tick after its end (7.2 s).
      const expected = '10ms s 2989ms b 3249ms c 999ms a';
      expectObservable(merge(commands(venue, clock), spoken$), unsub).toBe(expected, {
        s: 'subscribe orderbook_delta A',
        b: 'add_markets 3 B',
        c: 'add_markets 3 C',
        a: 'delete_markets 3 A',
      });
      flush();
      expect(venue.sent.filter(({ resource }) => resource.includes('/markets?'))).toHaveLength(1);
      expect(venue.dials).toHaveLength(1);
    });
  });

  test('by listing: three seconds after a close the markets are asked for, and a contract that only then is listed is added', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const venue = fakeVenue({ clock, markets: [{ ticker: 'KXBTC15M-A', openMs: 0, closeMs: 20_000 }] });
      const listed$ = cold('21s l', { l: { ticker: 'KXBTC15M-B', openMs: 20_000, closeMs: 120_000 } }).pipe(
        map(venue.list),
        ignoreElements(),
      );
      const unsub = '   45s !';
      const expected = '10ms s 22989ms b';
      expectObservable(merge(commands(venue, clock), listed$), unsub).toBe(expected, {
        s: 'subscribe orderbook_delta A',
        b: 'add_markets 3 B',
      });
    });
  });

  test('a listing that takes its time is waited for, not begun anew at each look', () => {
    const { run, resources, sent, venue } = session({
      markets: [{ ...A, closeMs: 20_000 }],
      restDelayMs: 2_000,
    });
    run(21);
    venue.list({ ticker: 'KXBTC15M-N', openMs: 20_000, closeMs: 120_000 });
    run(10);
    expect(sent().filter((each) => each.startsWith('add_markets 3'))).toEqual(['add_markets 3 N']);
    expect(resources().filter((each) => each === '/markets')).toHaveLength(2);
  });

  test('over two hours of quarter-hours there is one connection, one book at a time, and never a doubled or missing one', () => {
    const quarters = Array.from({ length: 10 }, (_, i) => ({
      ticker: `KXBTC15M-${i}`,
      openMs: i * 15 * MINUTE_MS,
      closeMs: (i + 1) * 15 * MINUTE_MS,
    }));
    const { run, sent, venue, told } = session({ markets: quarters });
    run(2 * 60 * 60 + 60);
    expect(sent().filter((each) => / 3 |orderbook/.test(each))).toEqual([
      'subscribe orderbook_delta 0',
      ...Array.from({ length: 8 }, (_, i) => [`add_markets 3 ${i + 1}`, `delete_markets 3 ${i}`]).flat(),
    ]);
    expect(venue.dials).toHaveLength(1);
    expect(told().filter((each) => !each.startsWith('live'))).toEqual(['opened: ']);
  });
});
