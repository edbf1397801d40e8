import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asapScheduler, delay, from, interval, mergeMap, take, toArray } from 'rxjs';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';

const START = 1_778_677_183_220_726;

describe('tapeScheduler', () => {
  test('time moves only when told to, in whole microseconds', () => {
    const clock = tapeScheduler(START);
    expect(clock.at).toBe(START);
    clock.runTo(START + 7);
    expect(clock.at).toBe(START + 7);
    clock.runTo(START + 3);
    expect(clock.at).toBe(START + 7);
  });

  test('timers fire in order of due time, then of arming, each at its own time', () => {
    const clock = tapeScheduler(0);
    const seen: [string, number][] = [];
    const note = (name: string, delayMs: number) =>
      clock.schedule(() => {
        seen.push([name, clock.at]);
      }, delayMs);
    note('late', 2);
    note('a', 1);
    note('b', 1);
    clock.runTo(1_500);
    expect(seen).toEqual([
      ['a', 1_000],
      ['b', 1_000],
    ]);
    clock.runTo(9_000);
    expect(seen.at(-1)).toEqual(['late', 2_000]);
    expect(clock.at).toBe(9_000);
  });

  test('a task that re-arms itself stays one task', () => {
    const clock = tapeScheduler(0);
    let fired = 0;
    const timer = clock.schedule(function (this: { schedule: (state?: unknown, delay?: number) => unknown }) {
      fired++;
      this.schedule(undefined, 10);
    }, 10);
    clock.runTo(1_000_000);
    expect(fired).toBe(100);
    expect(clock.pending()).toBe(1);
    timer.unsubscribe();
    expect(clock.pending()).toBe(0);
  });

  test('a task unsubscribed by another due at the same time does not fire', () => {
    const clock = tapeScheduler(0);
    const seen: string[] = [];
    const first = clock.schedule(() => {
      seen.push('first');
      second.unsubscribe();
    }, 1);
    const second = clock.schedule(() => {
      seen.push('second');
    }, 1);
    clock.runTo(5_000);
    expect(seen).toEqual(['first']);
    expect(first.closed && second.closed).toBe(true);
  });

  test('jumping over a hole fires nothing until the next run', () => {
    const clock = tapeScheduler(0);
    const seen: number[] = [];
    clock.schedule(() => {
      seen.push(clock.at);
    }, 1);
    clock.jumpTo(60_000_000);
    expect(seen).toEqual([]);
    clock.runTo(60_000_000);
    expect(seen).toEqual([60_000_000]);
  });

  test('a delay that is not a number is refused', () => {
    expect(() => tapeScheduler(0).schedule(() => {}, Number.NaN)).toThrow('delay must be a number');
  });

  test('RxJS operators run on it', () => {
    const clock = tapeScheduler(0);
    const seen: number[] = [];
    interval(10, clock)
      .pipe(delay(5, clock), take(3))
      .subscribe(() => seen.push(clock.at));
    clock.runTo(1_000_000);
    expect(seen).toEqual([15_000, 25_000, 35_000]);
    expect(clock.pending()).toBe(0);
  });

  test('while something is held no timer fires, and outcomes come in the order asked for', async () => {
    const clock = tapeScheduler(0);
    const seen: string[] = [];
    const later = (value: string, turns: number) => async () => {
      for (let turn = 0; turn < turns; turn++)
        await new Promise<void>((done) => {
          asapScheduler.schedule(() => done());
        });
      return value;
    };
    from([later('slow', 5), later('fast', 0)])
      .pipe(mergeMap((work) => clock.hold(work)))
      .subscribe((value) => seen.push(value));
    clock.schedule(() => {
      seen.push('timer');
    }, 1);
    expect(clock.runTo(5_000)).toBe(false);
    expect(clock.at).toBe(0);
    await clock.settle();
    expect(clock.runTo(5_000)).toBe(true);
    expect(seen).toEqual(['slow', 'fast', 'timer']);
  });

  test('a held failure errors its own stream', async () => {
    const clock = tapeScheduler(0);
    let failure: unknown;
    clock
      .hold(() => Promise.reject(new Error('no model')))
      .pipe(toArray())
      .subscribe({ error: (cause) => (failure = cause) });
    await clock.settle();
    expect(failure).toEqual(new Error('no model'));
  });

  test('property: any mix of arming, re-arming and cancelling fires what a sorted list would', () => {
    const step = fc.record({
      delay: fc.nat(50),
      cancel: fc.option(fc.nat(20), { nil: undefined }),
      run: fc.nat(30),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = tapeScheduler(0);
        const fired: number[] = [];
        const oracle: { due: number; id: number; live: boolean }[] = [];
        const expected: number[] = [];
        const timers = steps.map(({ delay: ms, cancel, run }, id) => {
          const timer = clock.schedule(() => {
            fired.push(id);
          }, ms);
          oracle.push({ due: clock.at + ms * 1000, id, live: true });
          return { timer, cancel, run };
        });
        timers.forEach(({ cancel, run }) => {
          if (cancel !== undefined) {
            timers[cancel]?.timer.unsubscribe();
            const task = oracle[cancel];
            if (task) task.live = false;
          }
          clock.runTo(clock.at + run * 1000);
          const due = oracle
            .filter((task) => task.live && task.due <= clock.at)
            .sort((a, b) => a.due - b.due || a.id - b.id);
          for (const task of due) {
            task.live = false;
            expected.push(task.id);
          }
        });
        expect(fired).toEqual(expected);
        expect(clock.pending()).toBe(oracle.filter((task) => task.live).length);
      }),
    );
  });
});
