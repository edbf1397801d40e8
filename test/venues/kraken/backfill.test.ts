import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SECOND } from '../../../src/domain/time.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { HttpAnswer } from '../../../src/transport/http.ts';
import { type BackfillAnswer, backfillTrades } from '../../../src/venues/kraken/backfill.ts';
import { krakenRest } from '../../../src/venues/kraken/rest.ts';
import { decodeKrakenRest } from '../../../src/venues/kraken/rest-codec.ts';
import { body, type HandRequest, handHttp } from '../../support/hand-http.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { type Printed, pagesOf, printed } from './trades-server.ts';

const START = 1_758_888_000 * SECOND;
/** A time of 19 digits that no double holds. */
const NANOS = BigInt(START) * 1_000n + 123_456_789n;

/** Everything a back-fill of `firstId` to `lastId` says, and what it asked. */
function filled(
  answer: (request: HandRequest, nth: number) => HttpAnswer,
  firstId: number,
  lastId: number,
  sinceAt = START,
) {
  const clock = tapeScheduler(START + 60 * SECOND);
  const { http, requests } = handHttp(clock, answer);
  const said: BackfillAnswer[] = [];
  let ended = false;
  const rest = krakenRest({ http, clock, random: () => 0, restUrl: 'http://kraken.test' });
  backfillTrades(rest, {
    kind: 'backfill',
    venue: 'kraken',
    symbol: 'BTC/USD',
    firstId,
    lastId,
    sinceAt,
  }).subscribe({
    next: (each) => said.push(each),
    complete: () => {
      ended = true;
    },
  });
  clock.runTo(clock.at + 3_600 * SECOND);
  return {
    ended,
    asked: requests.map(({ url }) => new URL(url).searchParams.get('since')),
    ids: said.flatMap((each) =>
      each.kind === 'page'
        ? decodeKrakenRest(each.resource, each.text, START).flatMap((event) =>
            event.kind === 'spotTrade' ? [event.tradeId] : [],
          )
        : [],
    ),
    missing: said.flatMap((each) => (each.kind === 'missing' ? [each.why] : [])),
  };
}

const market = (count: number, stepNanos = 1_000_000_001n): readonly Printed[] =>
  Array.from({ length: count }, (_, n) => printed(100 + n, NANOS + BigInt(n) * stepNanos));

describe('backfillTrades', () => {
  forbidWallClock();

  test('begins a millisecond before the last known trade and follows `last` digit by digit', () => {
    const trades = market(9);
    const { answer } = pagesOf(trades, 3);
    const { asked, ids, missing, ended } = filled(answer, 101, 107);
    expect(asked).toEqual([`${START - 1_000}000`, String(trades[2]?.nanos), String(trades[5]?.nanos)]);
    expect(asked.every((since) => since?.length === 19)).toBe(true);
    expect(ids).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108]);
    expect([missing, ended]).toEqual([[], true]);
  });

  test('asks for no page more than the hole needs', () => {
    const { answer } = pagesOf(market(50), 10);
    expect(filled(answer, 101, 109).asked).toHaveLength(1);
    expect(filled(answer, 101, 110).asked).toHaveLength(2);
  });

  test('a venue that knows of no more says what stays missing, after the pages it gave', () => {
    const { answer } = pagesOf(market(5), 3);
    expect(filled(answer, 101, 120)).toMatchObject({
      ids: [100, 101, 102, 103, 104],
      missing: ['trades 101 to 120 stay missing: the venue has no more'],
      ended: true,
    });
  });

  test('a venue that repeats its last trade for ever is known to have no more', () => {
    const { answer } = pagesOf(market(5), 3, true);
    const { asked, missing } = filled(answer, 101, 120);
    expect(asked).toHaveLength(3);
    expect(missing).toEqual(['trades 101 to 120 stay missing: the venue has no more']);
  });

  test('a failure in the middle keeps the pages before it and says why the rest is missing', () => {
    const { answer } = pagesOf(market(9), 3);
    const failing = (request: HandRequest, nth: number): HttpAnswer =>
      nth < 1 ? answer(request) : body('{"error":["EGeneral:Internal error"]}');
    expect(filled(failing, 101, 107)).toMatchObject({
      ids: [100, 101, 102],
      missing: ['trades 101 to 107 stay missing: EGeneral:Internal error'],
      ended: true,
    });
  });

  test('a hole of more than fifty pages is left, with that reason', () => {
    const { answer } = pagesOf(market(200), 2);
    const { asked, ids, missing, ended } = filled(answer, 101, 250);
    expect([asked.length, ids.length, ended]).toEqual([50, 100, true]);
    expect(missing).toEqual(['trades 101 to 250 stay missing: more than 50 pages']);
  });

  test('whatever pages and equal times there are, every trade of the hole is on a page', () => {
    const scenarios = fc.record({
      steps: fc.array(fc.constantFrom(0n, 0n, 1n, 1_000n, 7_000_000_000n), { minLength: 5, maxLength: 80 }),
      pageSize: fc.integer({ min: 8, max: 30 }),
      ends: fc.tuple(fc.nat(79), fc.nat(79)),
    });
    fc.assert(
      fc.property(scenarios, ({ steps, pageSize, ends }) => {
        let nanos = NANOS;
        let equal = 0;
        const trades = steps.map((step, n) => {
          equal = step === 0n ? equal + 1 : 0;
          // No more trades at one nanosecond than fit beside others on a page: the venue could not page past them.
          nanos += equal > 4 ? 1n : step;
          if (equal > 4) equal = 0;
          return printed(100 + n, nanos);
        });
        const [a, b] = ends.map((end) => end % trades.length) as [number, number];
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        const before = trades[Math.max(0, first - 1)] as Printed;
        const { answer } = pagesOf(trades, pageSize, true);
        const { ids, missing, ended } = filled(
          answer,
          100 + first,
          100 + last,
          Number(before.nanos / 1_000n),
        );
        const wanted = Array.from({ length: last - first + 1 }, (_, n) => 100 + first + n);
        expect([missing, ended]).toEqual([[], true]);
        expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
      }),
    );
  });
});
