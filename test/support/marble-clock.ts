import { expect } from '@jest/globals';
import { type SchedulerAction, type Subscription, throwError } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import type { Clock } from '../../src/operators/clock.ts';

/** Runs a marble test whose operators take their time from `clock`: one frame is a millisecond, and nothing can be held. */
export function timedMarbles(body: (helpers: RunHelpers, clock: Clock) => void): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  const clock: Clock = {
    get at() {
      return Math.round(scheduler.now() * 1000);
    },
    now: () => scheduler.now(),
    schedule: <T>(
      work: (this: SchedulerAction<T>, state: T) => void,
      delay?: number,
      state?: T,
    ): Subscription =>
      scheduler.schedule(work as (this: SchedulerAction<T>, state?: T) => void, delay, state),
    hold: () => throwError(() => new Error('timedMarbles: nothing can be held')),
  };
  scheduler.run((helpers) => body(helpers, clock));
}
