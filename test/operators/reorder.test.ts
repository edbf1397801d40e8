import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from, of, Subject, take } from 'rxjs';
import { reorder } from '../../src/operators/reorder.ts';
import { resetOn } from '../../src/operators/reset-on.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { timedMarbles } from '../support/marble-clock.ts';

interface Event {
  readonly at: number;
  readonly id: number;
}

const a = { at: 10, id: 1 };
const b = { at: 20, id: 2 };
const c = { at: 30, id: 3 };
const d = { at: 5, id: 4 };
const bounds = { latenessMicros: 10, silenceMicros: 20_000, capacity: 100 };

describe('reorder', () => {
  test('an event is let go when the watermark reaches it, in order of its own time', () => {
    timedMarbles(({ hot, expectObservable, expectSubscriptions }, clock) => {
      const source = hot('-b-a-c---|', { a, b, c });
      const expected = '  ---a-b---(c|)';
      expectObservable(source.pipe(reorder({ ...bounds, clock }))).toBe(expected, { a, b, c });
      expectSubscriptions(source.subscriptions).toBe('^--------!');
    });
  });

  test('silence lets go of everything, and closes the order behind it', () => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      const source = hot('-b-c 30ms a 9ms |', { a, b, c });
      const expected = '  ---b 19ms c 10ms l 9ms |';
      const l = { kind: 'late', at: 10, receivedAt: 34_000, behindMicros: 20, event: a };
      expectObservable(source.pipe(reorder({ ...bounds, clock }))).toBe(expected, { b, c, l });
    });
  });

  test('an event behind the watermark is emitted as late, with how far', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const l = { kind: 'late', at: 5, receivedAt: 2000, behindMicros: 15, event: d };
      expectObservable(cold('c-d|', { c, d }).pipe(reorder({ ...bounds, clock }))).toBe('--l(c|)', { c, l });
    });
  });

  test('an empty source completes, an error discards what is held, leaving early unsubscribes', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      expectObservable(cold<Event>('--|').pipe(reorder({ ...bounds, clock }))).toBe('--|');
      expectObservable(cold('a-#', { a }).pipe(reorder({ ...bounds, clock }))).toBe('--#');
      const source = cold('b-c---', { b, c });
      expectObservable(source.pipe(reorder({ ...bounds, clock })), '^--!').toBe('--b-', { b });
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  test('each subscriber has its own buffer', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const sorted = cold('b-a|', { a, b }).pipe(reorder({ ...bounds, clock }));
      expectObservable(sorted).toBe('--a(b|)', { a, b });
      expectObservable(sorted).toBe('--a(b|)', { a, b });
    });
  });

  test('a gap voids what is held, and the order starts again', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const isGap = (event: Event | 'gap'): event is 'gap' => event === 'gap';
      const source = cold<Event | 'gap'>('c-g-d|', { c, d, g: 'gap' });
      const sorted = source.pipe(resetOn(isGap, () => reorder({ ...bounds, clock })));
      expectObservable(sorted).toBe('--g--(d|)', { d, g: 'gap' });
    });
  });

  test('beyond its capacity the oldest is let go early and counted', () => {
    const clock = tapeScheduler(0);
    const seen: unknown[] = [];
    let shed = 0;
    from([c, b, { at: 25, id: 5 }, d])
      .pipe(reorder({ clock, latenessMicros: 1000, silenceMicros: 1000, capacity: 2, onShed: () => shed++ }))
      .subscribe((event) =>
        seen.push('kind' in event ? ['late', event.event.id, event.behindMicros] : event.id),
      );
    expect(seen).toEqual([2, ['late', 4, 15], 5, 3]);
    expect(shed).toBe(1);
  });

  test('a source that emits in the breath of its unsubscription leaves no timer', () => {
    const clock = tapeScheduler(0);
    of(a, b, c)
      .pipe(reorder({ ...bounds, latenessMicros: 0, clock }), take(1))
      .subscribe();
    expect(clock.pending()).toBe(0);
  });

  test('property: what comes out is sorted, and is what came in less the late', () => {
    const walk = fc.array(fc.record({ step: fc.integer({ min: -8, max: 8 }), wait: fc.nat(6) }), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(
        walk,
        fc.nat(12),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 3, max: 8 }),
        (steps, lateness, capacity, silence) => {
          const clock = tapeScheduler(0);
          const source$ = new Subject<Event>();
          const out: Event[] = [];
          const late: Event[] = [];
          let most = 0;
          let entered = 0;
          source$
            .pipe(reorder({ clock, latenessMicros: lateness, silenceMicros: silence, capacity }))
            .subscribe((event) => ('kind' in event ? late.push(event.event) : out.push(event)));
          let at = 100;
          const events = steps.map(({ step }, id) => {
            at += step;
            return { at, id };
          });
          events.forEach((event, id) => {
            clock.runTo(clock.at + (steps[id]?.wait ?? 0));
            source$.next(event);
            entered++;
            most = Math.max(most, entered - out.length - late.length);
          });
          source$.complete();
          expect(out).toEqual([...out].sort((x, y) => x.at - y.at || x.id - y.id));
          expect([...out, ...late].sort((x, y) => x.id - y.id)).toEqual(events);
          expect(most).toBeLessThanOrEqual(capacity);
          expect(clock.pending()).toBe(0);
        },
      ),
    );
  });

  test('property: without silence or pressure an event is late only if it is behind the bound', () => {
    const ats = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 80 });
    fc.assert(
      fc.property(ats, fc.nat(30), (times, lateness) => {
        const clock = tapeScheduler(0);
        const late: number[] = [];
        from(times.map((at, id) => ({ at, id })))
          .pipe(reorder({ clock, latenessMicros: lateness, silenceMicros: 1000, capacity: 1000 }))
          .subscribe((event) => 'kind' in event && late.push(event.event.id));
        const behind = times.flatMap((at, id) =>
          at < Math.max(...times.slice(0, id + 1)) - lateness ? [id] : [],
        );
        expect(late).toEqual(behind);
      }),
    );
  });
});
