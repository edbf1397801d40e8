import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { perVenue, type Venue, venueNames } from '../../src/domain/venues.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { type Inlet, inlet } from '../../src/transport/inlet.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';

const START = 1_778_504_400_000_000;
const TICK_MS = 100;
const VENUES = venueNames;
const NONE = perVenue(() => 0);

const wire = (venue: Venue, text: string, at: Micros = START): Frame => ({ kind: 'wire', at, venue, text });
const closed = (venue: Venue, detail: string, at: Micros = START): Frame => ({
  kind: 'connection',
  at,
  venue,
  change: 'closed',
  detail,
});
const shed = (venue: Venue, frames: number): Frame => ({
  kind: 'connection',
  at: START,
  venue,
  change: 'shed',
  detail: `${frames} frames dropped: the graph was too slow`,
});
const tick = (at: Micros = START): Frame => ({ kind: 'tick', at });

function bench({ capacity = 1_000, onShed = () => {} }: { capacity?: number; onShed?: Shed } = {}) {
  const clock = tapeScheduler(START);
  const told: (readonly [Venue, number])[] = [];
  const queue = inlet({
    clock,
    stamp: () => clock.at,
    tickMs: TICK_MS,
    capacity,
    onShed: (venue, frames) => {
      told.push([venue, frames]);
      onShed(venue, frames, queue);
    },
  });
  const reader = queue.batches()[Symbol.asyncIterator]();
  return {
    ...queue,
    clock,
    told,
    next: async (): Promise<readonly Frame[] | undefined> => {
      const { done, value } = await reader.next();
      return done ? undefined : (value as readonly Frame[]);
    },
  };
}
type Shed = (venue: Venue, frames: number, queue: Inlet) => void;

type Offer = { readonly kind: 'wire' | 'closed'; readonly venue: Venue } | { readonly kind: 'read' };

const offers: fc.Arbitrary<readonly Offer[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('wire' as const), venue: fc.constantFrom(...VENUES) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('closed' as const), venue: fc.constantFrom(...VENUES) }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'read' as const }) },
  ),
  { maxLength: 200 },
);

/** The order in which a delivered frame was offered, undefined for those that the inlet adds. */
const nthOf = (frame: Frame): number | undefined => {
  if (frame.kind === 'wire') return Number(frame.text);
  return frame.kind === 'connection' && frame.change === 'closed' ? Number(frame.detail) : undefined;
};

/** Offers everything, reads when told to, and reads the rest in the end. */
async function played(offered: readonly Offer[], capacity: number) {
  let nth = 0;
  const cuts: { readonly venue: Venue; readonly frames: number; readonly nth: number }[] = [];
  const { push, next, stop, stats } = bench({
    capacity,
    onShed: (venue, frames) => cuts.push({ venue, frames, nth }),
  });
  const out: Frame[] = [];
  let most = 0;
  for (const offer of offered) {
    if (offer.kind === 'read') {
      if (stats().queued > 0) out.push(...((await next()) ?? []));
      continue;
    }
    push(offer.kind === 'wire' ? wire(offer.venue, String(nth)) : closed(offer.venue, String(nth)));
    most = Math.max(most, stats().queued);
    nth++;
  }
  stop();
  for (let batch = await next(); batch; batch = await next()) out.push(...batch);
  return {
    out,
    cuts,
    most,
    stats: stats(),
    frames: offered.flatMap((offer) => (offer.kind === 'read' ? [] : [offer])),
  };
}

describe('inlet', () => {
  forbidWallClock();

  test('what waits comes in one batch, in order, closed by a tick', async () => {
    const { push, next } = bench();
    const frames = [wire('kraken', 'a'), wire('kalshi', 'b'), closed('kraken', 'c')];
    frames.forEach(push);
    expect(await next()).toEqual([...frames, tick()]);
  });

  test('a reader that waits is woken by the first frame, and its timer is disarmed', async () => {
    const { push, next, clock } = bench();
    const batch = next();
    expect(clock.pending()).toBe(1);
    push(wire('kraken', 'a'));
    expect(await batch).toEqual([wire('kraken', 'a'), tick()]);
    expect(clock.pending()).toBe(0);
  });

  test('without a frame a tick goes out alone', async () => {
    const { next, clock } = bench();
    const batch = next();
    clock.runTo(START + TICK_MS * 1_000);
    expect(await batch).toEqual([tick(START + TICK_MS * 1_000)]);
  });

  test('ends after stop, with what still waited, and takes nothing more', async () => {
    const { push, next, stop } = bench();
    push(wire('kraken', 'a'));
    stop();
    push(wire('kraken', 'b'));
    expect(await next()).toEqual([wire('kraken', 'a'), tick()]);
    expect(await next()).toBeUndefined();
  });

  test('stop wakes a reader that waits', async () => {
    const { next, stop, clock } = bench();
    const batch = next();
    stop();
    expect(await batch).toEqual([tick()]);
    expect(await next()).toBeUndefined();
    expect(clock.pending()).toBe(0);
  });

  test('a frame stamped before its predecessor, or before a tick, takes that one’s time', async () => {
    const { push, next, clock } = bench();
    push(wire('kraken', 'a', START + 20));
    push(wire('kalshi', 'b', START + 10));
    clock.runTo(START + 30);
    expect(await next()).toEqual([
      wire('kraken', 'a', START + 20),
      wire('kalshi', 'b', START + 20),
      tick(START + 30),
    ]);
    push(wire('kraken', 'c', START + 25));
    expect(await next()).toEqual([wire('kraken', 'c', START + 30), tick(START + 30)]);
  });

  test('when full, the venue with most waiting loses its wire frames and is told so; others lose nothing', async () => {
    const { push, next, told, stats, queued } = bench({ capacity: 4 });
    push(closed('kalshi', 'before'));
    push(wire('kalshi', 'a'));
    push(wire('kraken', 'b'));
    push(wire('kalshi', 'c'));
    expect(told).toEqual([]);
    push(wire('kraken', 'd'));
    expect(told).toEqual([['kraken', 2]]);
    push(wire('kraken', 'e'));
    expect(told).toEqual([
      ['kraken', 2],
      ['kalshi', 2],
    ]);
    expect(stats()).toEqual({ queued: 4, mostQueued: 5, shedFrames: { ...NONE, kraken: 2, kalshi: 2 } });
    expect(await next()).toEqual([
      closed('kalshi', 'before'),
      shed('kraken', 2),
      wire('kraken', 'e'),
      shed('kalshi', 2),
      tick(),
    ]);
    push(wire('kraken', 'f'));
    expect(stats()).toMatchObject({ queued: 1, mostQueued: 5 });
    expect(queued()).toBe(1);
  });

  test('frames that are no market data are kept, however many wait', async () => {
    const { push, next, told } = bench({ capacity: 2 });
    const frames = Array.from({ length: 10 }, (_, i) => closed('kraken', String(i)));
    frames.forEach(push);
    expect(told).toEqual([]);
    expect(await next()).toEqual([...frames, tick()]);
  });

  test('a feed may answer the shedding with frames of its own at once; they come after it', async () => {
    const { push, next } = bench({
      capacity: 2,
      onShed: (venue, _, queue) => queue.push(wire(venue, 'snapshot')),
    });
    for (const text of ['a', 'b', 'c']) push(wire('kraken', text));
    expect(await next()).toEqual([shed('kraken', 3), wire('kraken', 'snapshot'), tick()]);
  });

  test('property: nothing is lost or reordered while the reader keeps up', async () => {
    await fc.assert(
      fc.asyncProperty(offers, async (offered) => {
        const { out, cuts, frames, stats } = await played(offered, 200);
        expect(out.flatMap((frame) => nthOf(frame) ?? [])).toEqual(frames.map((_, i) => i));
        expect({ cuts, shed: stats.shedFrames }).toEqual({ cuts: [], shed: NONE });
      }),
    );
  });

  test('property: of every venue, shed and delivered sum to offered, exactly as told', async () => {
    await fc.assert(
      fc.asyncProperty(offers, fc.integer({ min: 1, max: 12 }), async (offered, capacity) => {
        const { out, cuts, frames, stats } = await played(offered, capacity);
        for (const venue of VENUES) {
          const ofVenue = (kind: string) => frames.filter((it) => it.kind === kind && it.venue === venue);
          const delivered = out.filter((frame) => frame.kind === 'wire' && frame.venue === venue).length;
          const dropped = cuts.reduce((sum, cut) => sum + (cut.venue === venue ? cut.frames : 0), 0);
          expect(delivered + dropped).toBe(ofVenue('wire').length);
          expect(stats.shedFrames[venue]).toBe(dropped);
          expect(
            out.filter((it) => it.kind === 'connection' && it.change === 'closed' && it.venue === venue),
          ).toHaveLength(ofVenue('closed').length);
        }
        const told = out.flatMap((frame) =>
          frame.kind === 'connection' && frame.change === 'shed' ? [[frame.venue, frame.detail]] : [],
        );
        expect(told).toEqual(
          cuts.map(({ venue, frames: count }) => [venue, `${count} frames dropped: the graph was too slow`]),
        );
      }),
    );
  });

  test('property: order is kept, and what shedding voids comes before it, the rest after it', async () => {
    await fc.assert(
      fc.asyncProperty(offers, fc.integer({ min: 1, max: 12 }), async (offered, capacity) => {
        const { out, cuts } = await played(offered, capacity);
        const order = out.flatMap((frame) => nthOf(frame) ?? []);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        let cut = 0;
        for (const frame of out) {
          if (frame.kind === 'connection' && frame.change === 'shed') cut++;
          const nth = nthOf(frame);
          if (nth === undefined) continue;
          // Frame `nth` was offered after every cut that stands before it, and no later than the next one.
          expect(nth).toBeGreaterThan(cuts[cut - 1]?.nth ?? -1);
          expect(nth).toBeLessThanOrEqual(cuts[cut]?.nth ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  test('property: no more wire frames wait than the capacity', async () => {
    const flood = fc.array(
      fc.record({ kind: fc.constant('wire' as const), venue: fc.constantFrom(...VENUES) }),
      { maxLength: 200 },
    );
    await fc.assert(
      fc.asyncProperty(flood, fc.integer({ min: 1, max: 12 }), async (offered, capacity) => {
        const { out, most, stats, cuts } = await played(offered, capacity);
        expect(out.filter(({ kind }) => kind === 'wire').length).toBeLessThanOrEqual(capacity);
        expect(most).toBeLessThanOrEqual(capacity + cuts.length);
        expect(stats.mostQueued).toBeGreaterThanOrEqual(most);
      }),
    );
  });
});
