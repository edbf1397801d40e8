import { describe, expect, test } from '@jest/globals';
import type { Frame } from '../../src/domain/frame.ts';
import { MILLISECOND } from '../../src/domain/time.ts';
import type { Venue } from '../../src/domain/venues.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { type InletOptions, inlet } from '../../src/transport/inlet.ts';

const START = 1_778_477_400_000_000;
const TICK_MS = 10;
/** What one batch holds at most. */
const BATCH = 512;

/** An inlet in event time with one reader that takes a batch when it is told to. */
const bench = (options: Partial<InletOptions> = {}) => {
  const clock = tapeScheduler(START);
  const told: (readonly [Venue, number])[] = [];
  const entrance = inlet({
    clock,
    stamp: () => clock.at,
    tickMs: TICK_MS,
    capacity: 100_000,
    onShed: (venue, frames) => told.push([venue, frames]),
    ...options,
  });
  const reader = entrance.batches()[Symbol.asyncIterator]();
  return {
    entrance,
    told,
    push: (count: number, venue: Venue = 'kraken') => {
      for (let i = 0; i < count; i++)
        entrance.push({ kind: 'wire', at: clock.at, venue, text: `${venue} ${i}` });
    },
    pass: (ms: number) => clock.runTo(clock.at + ms * MILLISECOND),
    take: async (): Promise<readonly Frame[]> => (await reader.next()).value ?? [],
    next: () => reader.next(),
  };
};
const kinds = (frames: readonly Frame[]) => {
  const counts: Record<string, number> = {};
  for (const { kind } of frames) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};
/** Lets what is awaited go on as far as it can without time. */
const breathe = () => new Promise((done) => setImmediate(done));

describe('inlet with a reader that is behind', () => {
  test('a reader that is behind gets the rest only after the event loop has turned, with what came meanwhile', async () => {
    const { push, take, next, pass } = bench();
    push(BATCH + 10);
    expect(kinds(await take())).toEqual({ wire: BATCH });
    let came = false;
    const rest = next().then(({ value }) => {
      came = true;
      return value as readonly Frame[];
    });
    await breathe();
    expect(came).toBe(false);
    push(5, 'kalshi');
    pass(1);
    expect(kinds(await rest)).toEqual({ wire: 15, tick: 1 });
  });

  test('a reader that took longer than a tick lets the sockets be read first', async () => {
    const { push, take, next, pass } = bench();
    push(1);
    await take();
    pass(TICK_MS + 1);
    push(1);
    let came = false;
    const rest = next().then(({ value }) => {
      came = true;
      return value as readonly Frame[];
    });
    await breathe();
    expect(came).toBe(false);
    push(1);
    pass(1);
    expect(kinds(await rest)).toEqual({ wire: 2, tick: 1 });
  });

  test('time never passes what still waits', async () => {
    const { push, take, next, pass } = bench();
    push(BATCH + 1);
    pass(3);
    const first = await take();
    const rest = next();
    await breathe();
    pass(1);
    const all = [...first, ...(((await rest).value ?? []) as readonly Frame[])];
    const times = all.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-2)).toBe(START);
    expect(times.at(-1)).toBe(START + 4 * MILLISECOND);
  });

  test('a reader that stays behind for too long is not given old frames, one that has caught up is', async () => {
    const { push, next, pass, told } = bench({ mostBehindMs: 100 });
    const takeSlowly = async (): Promise<void> => {
      const taking = next();
      await breathe();
      pass(1);
      await taking;
    };
    // Quiet for longer than one may be behind.
    for (let ticks = 0; ticks < 20; ticks++) {
      const tick = next();
      await breathe();
      pass(TICK_MS);
      await tick;
    }
    push(5 * BATCH);
    await takeSlowly();
    pass(60);
    await takeSlowly();
    expect(told).toEqual([]);
    pass(60);
    await takeSlowly();
    expect(told).toEqual([['kraken', 3 * BATCH]]);
  });

  test('after stop what waited comes to its end', async () => {
    const { push, next, pass, entrance } = bench();
    push(BATCH + 1);
    entrance.stop();
    push(1);
    expect(kinds((await next()).value as readonly Frame[])).toEqual({ wire: BATCH });
    const rest = next();
    await breathe();
    pass(1);
    expect(kinds((await rest).value as readonly Frame[])).toEqual({ wire: 1, tick: 1 });
    expect((await next()).done).toBe(true);
  });
});
