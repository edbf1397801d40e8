import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { defer, map, of, Subject } from 'rxjs';
import { accountFrames } from '../../pipelines/edges/account-frames.ts';
import type { ConnectionFrame, RestFrame } from '../../src/domain/frame.ts';
import { MILLISECOND, SECOND } from '../../src/domain/time.ts';
import { after } from '../../src/operators/after.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import type { KalshiAnswer } from '../../src/venues/kalshi/rest.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';

const BEGUN = 1_780_000_000 * SECOND;

/** Runs it for so many seconds, with asks at times in milliseconds. */
function played({
  seconds,
  knownMs = Number.POSITIVE_INFINITY,
  roundMs = 200,
  asksMs = [],
  answer = { kind: 'ok', resource: '/portfolio/balance', text: '{}', json: {} } as KalshiAnswer,
}: {
  readonly seconds: number;
  readonly knownMs?: number;
  readonly roundMs?: number;
  readonly asksMs?: readonly number[];
  readonly answer?: KalshiAnswer;
}) {
  const clock = tapeScheduler(BEGUN);
  const sinceMs = (): number => (clock.at - BEGUN) / MILLISECOND;
  const rounds: number[] = [];
  const frames: (RestFrame | ConnectionFrame)[] = [];
  const ask$ = new Subject<void>();
  const running = accountFrames({
    round: () =>
      defer(() => {
        rounds.push(sinceMs());
        return roundMs === 0 ? of(answer) : after(roundMs, clock).pipe(map(() => answer));
      }),
    clock,
    stamp: () => clock.at,
    ask$,
    known: () => sinceMs() >= knownMs,
  }).subscribe((frame) => frames.push(frame));
  for (const askMs of asksMs) {
    clock.runTo(BEGUN + askMs * MILLISECOND);
    ask$.next();
  }
  clock.runTo(BEGUN + seconds * SECOND);
  running.unsubscribe();
  clock.runTo(BEGUN + (seconds + 60) * SECOND);
  return { rounds, frames };
}

describe('the rounds that read an account', () => {
  forbidWallClock();

  test('begin at once and follow each second until it is known, then each thirty seconds, and end when they are left', () => {
    expect(played({ seconds: 4.5 }).rounds).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
    expect(played({ seconds: 95, knownMs: 1_500 }).rounds).toEqual([0, 1_000, 31_000, 61_000, 91_000]);
  });

  test('begin when one is asked for, and who asks while one runs is served by it', () => {
    const { rounds, frames } = played({ seconds: 25, knownMs: 0, asksMs: [5_000, 5_100, 5_199, 12_000] });
    expect(rounds).toEqual([0, 1_000, 5_000, 12_000]);
    expect(frames.map(({ kind, at }) => [kind, (at - BEGUN) / MILLISECOND])).toEqual([
      ['rest', 200],
      ['rest', 1_200],
      ['rest', 5_200],
      ['rest', 12_200],
    ]);
  });

  test('that fail are told in a sentence, and the next comes in its time', () => {
    const { rounds, frames } = played({
      seconds: 2.5,
      answer: { kind: 'failed', why: 'the answer was 503', arrived: true },
    });
    expect(rounds).toEqual([0, 1_000, 2_000]);
    expect(frames).toHaveLength(3);
    expect(frames[0]).toMatchObject({
      kind: 'connection',
      venue: 'kalshi',
      change: 'refused',
      detail: 'the account could not be read: the answer was 503',
    });
  });

  test('property: however often one is asked for, no two run at once, and none is more than a minute from the next', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 199_000 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5_000 }),
        (asks, roundMs) => {
          const asksMs = asks.toSorted((a, b) => a - b);
          const { rounds } = played({ seconds: 200, knownMs: 0, roundMs, asksMs });
          for (const [i, at] of [...rounds, 200_000].slice(1).entries()) {
            const before = rounds[i] as number;
            if (i + 1 < rounds.length) expect(at - before).toBeGreaterThanOrEqual(roundMs);
            expect(at - before).toBeLessThanOrEqual(60_000);
          }
          for (const askMs of asksMs)
            expect(rounds.some((at) => at <= askMs && askMs <= at + roundMs)).toBe(true);
        },
      ),
      { numRuns: 20 },
    );
  });
});
