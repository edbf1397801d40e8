import { describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import { SECOND } from '../../../src/domain/time.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { FeedCommand } from '../../../src/transport/feed.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { fakeVenue, snapshotOf } from './fake-venue.ts';
import { A, B, feedOf, liveSession, mute, SID, session } from './session-bench.ts';

describe('kalshiFeed: mending', () => {
  forbidWallClock();

  test('a hole in the books’ sequence is mended by one get_snapshot over all of them, on the same connection', () => {
    const { run, resync, sent, told, venue } = liveSession();
    resync('sequence', `sid ${SID}`);
    expect(sent()).toEqual(['get_snapshot 3 A B']);
    expect(told()).toEqual([`resyncing: 2 books after sequence of sid ${SID}`]);
    run(1);
    expect(told()).toEqual(['live: 2 books']);
    expect(venue.dials).toHaveLength(1);
  });

  test('another hole while the books are awaited reconnects, once', () => {
    const { run, resync, sent, told, venue } = liveSession({ answer: mute('get_snapshot') });
    resync('sequence', `sid ${SID}`);
    run(1);
    told();
    resync('sequence', `sid ${SID}`);
    expect(told()).toEqual(['closed: another sequence hole while books were asked for anew; again in 0.5 s']);
    resync('sequence', `sid ${SID}`);
    run(3);
    expect(sent().filter((each) => each.startsWith('get_snapshot'))).toHaveLength(1);
    expect(told()).toEqual(['opened: ', 'live: 2 books']);
    expect(venue.dials).toHaveLength(2);
  });

  test('a hole after the books came is a new one and mended like the first', () => {
    const { run, resync, sent, venue } = liveSession();
    for (let i = 0; i < 3; i++) {
      resync('sequence', `sid ${SID}`);
      run(1);
    }
    expect(sent()).toEqual(Array.from({ length: 3 }, () => 'get_snapshot 3 A B'));
    expect(venue.dials).toHaveLength(1);
  });

  test('books that do not all come within ten seconds reconnect', () => {
    const { run, resync, told, venue } = liveSession({ answer: mute('get_snapshot') });
    resync('sequence', `sid ${SID}`);
    run(5);
    venue.say(snapshotOf(A.ticker, SID));
    run(4.5);
    expect(told()).toEqual([`resyncing: 2 books after sequence of sid ${SID}`]);
    run(1);
    expect(told()).toEqual(['closed: 1 books did not come within 10 s; again in 0.5 s']);
    run(2);
    expect(told()).toEqual(['opened: ', 'live: 2 books']);
  });

  test('a negative level asks for its own book alone, and not twice while it is awaited', () => {
    const { run, resync, sent, told } = liveSession();
    resync('negativeLevel', B.ticker);
    resync('negativeLevel', B.ticker);
    expect(sent()).toEqual(['get_snapshot 3 B']);
    run(1);
    expect(told()).toEqual([`resyncing: 1 books after negativeLevel of ${B.ticker}`, 'live: 2 books']);
  });

  test('frames that we shed ask for all books', () => {
    const { resync, sent } = liveSession();
    resync('shed', 'kalshi');
    expect(sent()).toEqual(['get_snapshot 3 A B']);
  });

  test('a hole in another channel cannot be mended: contracts are listed again, books stay', () => {
    const { run, resync, sent, told, resources } = liveSession();
    const before = resources().length;
    resync('sequence', 'sid 1');
    run(1);
    expect(sent()).toEqual([]);
    expect(told()).toEqual(['resyncing: sid 1: sequence; markets are listed again']);
    expect(resources().slice(before)).toEqual(['/markets']);
  });

  test('a contract that leaves while its book is awaited is not waited for', () => {
    const { run, resync, told, venue } = liveSession({ answer: mute('get_snapshot') });
    resync('sequence', `sid ${SID}`);
    venue.say(snapshotOf(A.ticker, SID));
    venue.say({
      type: 'market_lifecycle_v2',
      msg: { market_ticker: B.ticker, event_type: 'determined' },
    });
    run(1);
    expect(told().at(-1)).toBe('live: 1 books');
    run(20);
    expect(venue.dials).toHaveLength(1);
  });

  test('the ten seconds count from the first book that is awaited, whatever is asked for since', () => {
    const { run, resync, sent, told } = liveSession({ answer: mute('get_snapshot') });
    resync('negativeLevel', A.ticker);
    run(6);
    resync('shed', 'kalshi');
    expect(sent()).toEqual(['get_snapshot 3 A', 'get_snapshot 3 B']);
    told();
    run(4.5);
    expect(told()).toEqual(['closed: 2 books did not come within 10 s; again in 0.5 s']);
  });

  test('what was awaited on a lost connection is not awaited on the next', () => {
    const { run, resync, told, venue } = session({
      markets: [A, { ...B, closeMs: 5_000 }],
      answer: mute('get_snapshot'),
      refuse: (nth) => (nth > 1 && nth < 7 ? { status: 503, body: 'restarting' } : undefined),
    });
    run(1);
    resync('sequence', `sid ${SID}`);
    run(5);
    venue.end('restart');
    run(30);
    told();
    run(20);
    expect(told()).toEqual(['opened: ', 'live: 1 books']);
  });

  test('holes in other channels one after another list the contracts once', () => {
    const { run, resync, frames } = liveSession({ restDelayMs: 50 });
    const before = frames.length;
    resync('sequence', 'sid 1');
    resync('sequence', 'sid 5');
    run(1);
    const listed = frames.slice(before).filter(({ kind }) => kind === 'rest');
    expect(listed).toHaveLength(1);
  });

  test('commands to other venues, and commands while nothing is connected, do nothing', () => {
    const idle = session();
    idle.resync('sequence', `sid ${SID}`);
    expect(idle.told()).toEqual([]);
    const clock = tapeScheduler(0);
    const venue = fakeVenue({ clock, markets: [A] });
    const command$ = new Subject<FeedCommand>();
    feedOf(venue, clock)(command$).subscribe();
    clock.runTo(SECOND);
    const before = venue.commands.length;
    command$.next({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope: 'BTC/USD' });
    command$.next({
      kind: 'backfill',
      venue: 'kraken',
      symbol: 'BTC/USD',
      firstId: 1,
      lastId: 2,
      sinceAt: 0,
    });
    expect(venue.commands).toHaveLength(before);
  });
});
