import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { of, Subject, take } from 'rxjs';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { Gap } from '../../src/domain/events/venue.ts';
import { type BarsOptions, bars, type PriceSample } from '../../src/operators/bars.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { timedMarbles } from '../support/marble-clock.ts';

const gap: Gap = {
  kind: 'gap',
  at: 0,
  receivedAt: 0,
  venue: 'kraken',
  cause: 'disconnect',
  scope: '',
  detail: '',
};

const sample = (at: number, price: number, quantity?: number): PriceSample => ({ at, price, quantity });
const bar = (
  openAt: number,
  prices: readonly [number, number, number, number],
  volume: number,
  receivedAt: number,
) => {
  const [open, high, low, close] = prices;
  return {
    kind: 'bar',
    at: openAt + 5000,
    receivedAt,
    spanMicros: 5000,
    bar: { openAt, open, high, low, close, volume, flag: 0 },
  };
};
const options = { spanMicros: 5000, graceMicros: 2000 };

describe('bars', () => {
  test('a later sample closes the bar, and a bar nobody traded in is flat', () => {
    timedMarbles(({ hot, expectObservable, expectSubscriptions }, clock) => {
      const source = hot<PriceSample>('abc-----d|', {
        a: sample(1000, 10, 1),
        b: sample(3000, 8, 2),
        c: sample(4999, 9, 4),
        d: sample(11_000, 7),
      });
      const expected = '               -------xy|';
      expectObservable(source.pipe(bars({ ...options, clock }))).toBe(expected, {
        x: bar(0, [10, 10, 8, 9], 7, 7000),
        y: bar(5000, [9, 9, 9, 9], 0, 8000),
      });
      expectSubscriptions(source.subscriptions).toBe('^--------!');
    });
  });

  test('in silence our clock closes bars, flat ones too, until there were too many', () => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      const source = hot<PriceSample>('a 28ms b---|', { a: sample(1000, 10), b: sample(28_500, 11) });
      const expected = '               7ms x 4ms y 4ms z 4ms h 9ms w|';
      expectObservable(source.pipe(bars({ ...options, clock, emptyLimit: 2 }))).toBe(expected, {
        x: bar(0, [10, 10, 10, 10], 0, 7000),
        y: bar(5000, [10, 10, 10, 10], 0, 12_000),
        z: bar(10_000, [10, 10, 10, 10], 0, 17_000),
        h: { kind: 'hole', at: 15_000, receivedAt: 22_000, until: undefined },
        w: bar(25_000, [11, 11, 11, 11], 0, 32_000),
      });
    });
  });

  test('a leap beyond the limit gives the flat bars, then a hole to where trading went on', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const source = cold<PriceSample>('a(b|)', { a: sample(1000, 10), b: sample(28_500, 11) });
      expectObservable(source.pipe(bars({ ...options, clock, emptyLimit: 1 }))).toBe('-(xyh|)', {
        x: bar(0, [10, 10, 10, 10], 0, 1000),
        y: bar(5000, [10, 10, 10, 10], 0, 1000),
        h: { kind: 'hole', at: 10_000, receivedAt: 1000, until: 25_000 },
      });
    });
  });

  test('a sample for a closed bar is late, and within the lateness it still counts', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const source = cold<PriceSample>('abcd---------|', {
        a: sample(4000, 10),
        b: sample(5500, 12),
        c: sample(3000, 11),
        d: sample(6000, 13),
      });
      expectObservable(source.pipe(bars({ ...options, clock, latenessMicros: 1000 }))).toBe(
        '---x--------y|',
        {
          x: bar(0, [11, 11, 10, 10], 0, 3000),
          y: bar(5000, [12, 13, 12, 13], 0, 12_000),
        },
      );
      const l = { kind: 'late', at: 3000, receivedAt: 2000, behindMicros: 2000, event: sample(3000, 11) };
      expectObservable(source.pipe(bars({ ...options, clock }), take(2))).toBe('-x(l|)', {
        x: bar(0, [10, 10, 10, 10], 0, 1000),
        l,
      });
    });
  });

  test('a gap passes, voids the bar that was forming, and no bar is invented across it', () => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      const source = hot<PriceSample | Gap>('a-g 20ms b----|', {
        a: sample(1000, 10),
        g: gap,
        b: sample(22_000, 20),
      });
      expectObservable(source.pipe(bars({ ...options, clock }))).toBe('--g 24ms x|', {
        g: gap,
        x: bar(20_000, [20, 20, 20, 20], 0, 27_000),
      });
    });
  });

  test('an empty source completes, an error passes, the unfinished bar is nobody’s, leaving early unsubscribes', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const a = sample(1000, 10);
      expectObservable(cold<PriceSample>('--|').pipe(bars({ ...options, clock }))).toBe('--|');
      expectObservable(cold<PriceSample>('a-#', { a }).pipe(bars({ ...options, clock }))).toBe('--#');
      expectObservable(cold<PriceSample>('a-|', { a }).pipe(bars({ ...options, clock }))).toBe('--|');
      const source = cold<PriceSample>('a-----------', { a });
      expectObservable(source.pipe(bars({ ...options, clock })), '^---!').toBe('----');
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });

  test('each subscriber has its own bars', () => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      const source = hot<PriceSample>('ab------|', { a: sample(1000, 10), b: sample(2000, 11) });
      const made = source.pipe(bars({ ...options, clock }));
      expectObservable(made).toBe('-------x|', { x: bar(0, [10, 11, 10, 11], 0, 7000) });
      expectObservable(made, '-^------').toBe('-------x|', { x: bar(0, [11, 11, 11, 11], 0, 7000) });
    });
  });

  test('a bar arms one timer, and none is left behind', () => {
    const clock = tapeScheduler(0);
    const source$ = new Subject<PriceSample | Gap>();
    const made = source$.pipe(bars({ ...options, clock })).subscribe();
    for (let at = 0; at < 100_000; at += 10) source$.next(sample(at, 1));
    expect(clock.pending()).toBe(1);
    source$.next(gap);
    expect(clock.pending()).toBe(0);
    source$.next(sample(0, 1));
    made.unsubscribe();
    clock.jumpTo(9000);
    of(sample(0, 1), sample(5000, 1))
      .pipe(bars({ ...options, clock }), take(1))
      .subscribe();
    expect(clock.pending()).toBe(0);
  });

  /** Bars of the sorted samples, from the first sample's bar to the last bar ended by `untilAt`. */
  const batch = (samples: readonly PriceSample[], spanMicros: number, untilAt: number): MinuteBar[] => {
    const first = samples[0];
    if (!first) return [];
    const sorted = [...samples].sort((x, y) => x.at - y.at);
    const made: MinuteBar[] = [];
    for (
      let openAt = Math.floor(first.at / spanMicros) * spanMicros;
      openAt + spanMicros <= untilAt;
      openAt += spanMicros
    ) {
      const inside = sorted.filter(({ at }) => at >= openAt && at < openAt + spanMicros);
      const prices =
        inside.length > 0 ? inside.map(({ price }) => price) : [made.at(-1)?.close ?? Number.NaN];
      made.push({
        openAt,
        open: prices[0] ?? Number.NaN,
        high: Math.max(...prices),
        low: Math.min(...prices),
        close: prices.at(-1) ?? Number.NaN,
        volume: inside.reduce((total, { quantity }) => total + (quantity ?? 0), 0),
        flag: 0,
      });
    }
    return made;
  };
  const collect = (
    events: readonly { readonly wait: number; readonly sample: PriceSample }[],
    how: Omit<BarsOptions, 'clock'>,
  ) => {
    const clock = tapeScheduler(events[0]?.sample.at ?? 0);
    const source$ = new Subject<PriceSample>();
    const made: MinuteBar[] = [];
    const late: PriceSample[] = [];
    source$.pipe(bars({ ...how, clock, emptyLimit: 1e9 })).subscribe((event) => {
      if (event.kind === 'bar') made.push(event.bar);
      if (event.kind === 'late') late.push(event.event);
    });
    for (const { wait, sample: next } of events) {
      clock.runTo(clock.at + wait);
      source$.next(next);
    }
    return { made, late, clock };
  };
  const walk = fc.array(
    fc.record({
      step: fc.integer({ min: -6, max: 10 }),
      price: fc.integer({ min: 1, max: 99 }),
      quantity: fc.option(fc.nat(9), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 120 },
  );
  const sampled = (
    steps: readonly {
      readonly step: number;
      readonly price: number;
      readonly quantity: number | undefined;
    }[],
  ) => {
    let at = 1000;
    return steps.map(({ step, price, quantity }) => {
      at += step;
      return { at, price, quantity };
    });
  };

  test('property: bars equal the batch resampling of the sorted samples less the late', () => {
    fc.assert(
      fc.property(walk, fc.integer({ min: 1, max: 15 }), fc.nat(20), (steps, spanMicros, latenessMicros) => {
        const samples = sampled(steps);
        const how = { spanMicros, graceMicros: 1e9, latenessMicros };
        const { made, late } = collect(
          samples.map((next) => ({ wait: 0, sample: next })),
          how,
        );
        const kept = samples.filter((next) => !late.includes(next));
        const newestAt = Math.max(...kept.map(({ at }) => at));
        expect(made).toEqual(batch(kept, spanMicros, newestAt - latenessMicros));
        for (const { at } of late)
          expect(at).toBeLessThan(
            Math.max((made.at(-1)?.openAt ?? 0) + spanMicros, 1000 + (steps[0]?.step ?? 0)),
          );
      }),
    );
  });

  test('property: bars closed by our clock alone are the bars a later sample would have closed', () => {
    fc.assert(
      fc.property(walk, fc.integer({ min: 1, max: 15 }), fc.nat(5), (steps, spanMicros, graceMicros) => {
        const samples = sampled(steps).sort((x, y) => x.at - y.at);
        const timed = samples.map((next, i) => ({
          wait: next.at - (samples[i - 1] ?? next).at,
          sample: next,
        }));
        const { made, late, clock } = collect(timed, { spanMicros, graceMicros });
        const untilAt = (samples.at(-1)?.at ?? 0) + 3 * spanMicros;
        clock.runTo(untilAt + graceMicros);
        expect(late).toEqual([]);
        expect(made).toEqual(batch(samples, spanMicros, untilAt));
      }),
    );
  });
});
