import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fault } from '../../src/emulator/transport/fault.ts';
import { type EventTimeSession, eventTimeSession } from '../support/emulated.ts';
import { faultSchedules } from '../support/fault-schedules.ts';
import { expectHealed, watchman } from '../support/healed.ts';
import { only } from './market.ts';

/** Faults end before 18 s; then there is time for the longest back-off they can lead to, a new connection and its snapshots. */
const SECONDS = 65;
/** A sample; `FAULT_SCHEDULES=1000` is the full campaign. */
const SCHEDULES = Number(process.env['FAULT_SCHEDULES'] ?? 15);

const fault = (kind: Fault['kind'], venue: Fault['venue'], rest: Partial<Fault> = {}): Fault => ({
  kind,
  venue,
  atMs: 10_000,
  spanMs: 4_000,
  ...rest,
});

const liveBooks = ({ events }: EventTimeSession): number => {
  const books = new Map<string, boolean>();
  for (const { ticker, top } of only('contractBook', events)) books.set(ticker, top.live);
  return [...books.values()].filter((live) => live).length;
};

const play = (
  faults: readonly Fault[],
  seed = 'faults',
): EventTimeSession & { readonly approved: number } => {
  const watch = watchman();
  const session = eventTimeSession({ seed, faults }, watch.look);
  session.run(SECONDS);
  session.settle();
  return { ...session, approved: watch.approved() };
};

describe('a paper session in event time', () => {
  test('without faults connects once, keeps every book, trades, and sees no gap', () => {
    const session = play([]);
    expectHealed(session);
    expect(liveBooks(session)).toBeGreaterThan(4);
    expect(session.approved).toBeGreaterThan(0);
    expect(only('gap', session.events).filter(({ cause }) => cause !== 'session')).toEqual([]);
    expect(only('rejected', session.events)).toEqual([]);
    expect(
      only('connection', session.events)
        .map(({ venue, change }) => `${venue} ${change}`)
        .sort(),
    ).toEqual(['kalshi live', 'kalshi opened', 'kraken live', 'kraken opened']);
    session.close();
  });

  test.each([
    ['a dropped Kraken connection', fault('drop', 'kraken'), 'disconnect'],
    ['a dropped Kalshi connection', fault('drop', 'kalshi'), 'disconnect'],
    ['a half-open Kraken socket', fault('silence', 'kraken', { spanMs: 8_000 }), 'disconnect'],
    ['a half-open Kalshi socket', fault('silence', 'kalshi', { spanMs: 8_000 }), 'disconnect'],
    ['a wrong checksum', fault('checksum', 'kraken'), 'checksum'],
    ['swallowed Kalshi frames', fault('hole', 'kalshi', { value: 3 }), 'sequence'],
    ['swapped Kalshi frames', fault('reorder', 'kalshi'), 'sequence'],
    ['swallowed Kraken frames', fault('hole', 'kraken', { value: 40 }), 'tradeId'],
  ] as const)('%s is named by the audit, stops decisions, and heals', (_, given, cause) => {
    const session = play([given]);
    expectHealed(session);
    const gaps = only('gap', session.events).filter((gap) => gap.cause !== 'session');
    expect(gaps.map((gap) => `${gap.venue} ${gap.cause}`)).toContain(`${given.venue} ${cause}`);
    session.close();
  });

  test.each([
    ['late frames', fault('delay', 'kraken', { value: 900 })],
    ['duplicated Kraken frames', fault('duplicate', 'kraken', { value: 10 })],
    ['duplicated Kalshi frames', fault('duplicate', 'kalshi', { value: 10 })],
    ['REST that answers 429', fault('tooMany', 'kalshi', { atMs: 0, spanMs: 8_000 })],
    ['REST that answers 503', fault('serverError', 'kalshi', { atMs: 0, spanMs: 8_000 })],
    ['a Kraken under maintenance', fault('maintenance', 'kraken', { spanMs: 20_000 })],
    [
      'a clock of Kalshi that is off',
      fault('clockSkew', 'kalshi', { atMs: 0, spanMs: 10_000, value: 60_000 }),
    ],
  ] as const)('%s do no harm', (_, given) => {
    const session = play([given]);
    expectHealed(session);
    session.close();
  });

  test('a slow reader is ended by Kalshi and caught up with by Kraken, and both heal', () => {
    const session = play([
      fault('slowReader', 'kalshi', { spanMs: 20_000 }),
      fault('slowReader', 'kraken', { spanMs: 3_000 }),
    ]);
    expectHealed(session);
    session.close();
  });

  test(
    `property: whatever goes wrong (${SCHEDULES} schedules), books heal, no trade is lost or doubled, and nothing is decided on void state`,
    () => {
      fc.assert(
        fc.property(
          faultSchedules({ untilMs: 12_000, mostSpanMs: 6_000 }),
          fc.integer({ min: 0, max: 5 }),
          (faults, seed) => {
            const session = play(faults, `schedule ${seed}`);
            expectHealed(session);
            session.close();
          },
        ),
        { numRuns: SCHEDULES },
      );
    },
    600_000 + SCHEDULES * 2_000,
  );
});
