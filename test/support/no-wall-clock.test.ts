import { describe, expect, test } from '@jest/globals';
import { asyncScheduler, debounceTime, NEVER, of, retry, throwError, timer } from 'rxjs';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { forbidWallClock } from './no-wall-clock.ts';

describe('forbidWallClock', () => {
  forbidWallClock();

  test('an operator left on the wall clock throws', () => {
    expect(() => asyncScheduler.schedule(() => {})).toThrow('forbidWallClock');
  });

  test('the wall clock inside an operator fails the stream', () => {
    const failures: unknown[] = [];
    const fail = { error: (cause: unknown) => failures.push(String(cause)) };
    timer(1).subscribe(fail);
    throwError(() => 'x')
      .pipe(retry({ delay: 1 }))
      .subscribe(fail);
    const refusal = expect.stringContaining('forbidWallClock');
    expect(failures).toEqual([refusal, refusal]);
  });

  test('an operator on the graph clock is let through', () => {
    const clock = tapeScheduler(0);
    const seen: number[] = [];
    timer(1, clock).subscribe((n) => seen.push(n));
    of(7)
      .pipe(debounceTime(1, clock))
      .subscribe((n) => seen.push(n));
    NEVER.pipe(debounceTime(1, clock)).subscribe();
    clock.runTo(2000);
    expect(seen).toEqual([7, 0]);
  });
});

test('after the suite the wall clock is back', () => {
  expect(() => asyncScheduler.schedule(() => {}).unsubscribe()).not.toThrow();
});
