import { afterAll, beforeAll } from '@jest/globals';
import { asyncScheduler } from 'rxjs';

/**
 * For suites that run on event time: while the suite runs, scheduling on RxJS's default scheduler throws, so that an operator that was
 * not given the clock fails the test. Call it at the top of a `describe`.
 */
export function forbidWallClock(): void {
  const { schedule } = asyncScheduler;
  beforeAll(() => {
    asyncScheduler.schedule = () => {
      throw new Error('forbidWallClock: an operator scheduled on the wall clock; give it the graph clock');
    };
  });
  afterAll(() => {
    asyncScheduler.schedule = schedule;
  });
}
