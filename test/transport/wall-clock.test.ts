import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { after as alarm } from '../../src/operators/after.ts';
import { wallClock } from '../../src/transport/wall-clock.ts';

/** Lets `performance.now()` say what the test says; the system's time at the start of the process is `originMs`. */
function systemTime(originMs: number): { nowMs: number } {
  const system = { nowMs: 0 };
  jest.spyOn(performance, 'now').mockImplementation(() => system.nowMs);
  jest.spyOn(performance, 'timeOrigin', 'get').mockReturnValue(originMs);
  return system;
}
afterEach(() => {
  jest.restoreAllMocks();
});

describe('wallClock', () => {
  test('tells whole microseconds since the epoch, and the same in milliseconds to RxJS', () => {
    const system = systemTime(1_778_504_400_000.25);
    system.nowMs = 1_000.0005;
    const clock = wallClock();
    system.nowMs = 2_500.0015;
    expect(clock.at).toBe(1_778_504_402_500_251 + 1);
    expect(clock.now()).toBe(clock.at / 1_000);
  });

  test('a system clock that is set while we run moves nothing', () => {
    const system = systemTime(1_778_504_400_000);
    const clock = wallClock();
    jest.spyOn(Date, 'now').mockReturnValue(0);
    jest.spyOn(performance, 'timeOrigin', 'get').mockReturnValue(0);
    system.nowMs = 1_000;
    expect(clock.at).toBe(1_778_504_401_000_000);
  });

  test('never goes back, and stays whole', () => {
    const clock = wallClock();
    let before = clock.at;
    for (let i = 0; i < 10_000; i++) {
      const { at } = clock;
      expect(Number.isSafeInteger(at) && at >= before).toBe(true);
      before = at;
    }
  });

  test('begins with the time of day', () => {
    // A minute either way: the unit and the epoch are meant, not the microsecond.
    expect(Math.abs(wallClock().at / 1_000 - Date.now())).toBeLessThan(60_000);
  });

  test('runs timers, and not one that was disarmed', async () => {
    const clock = wallClock();
    let disarmed = false;
    const early = alarm(0, clock).subscribe(() => {
      disarmed = true;
    });
    early.unsubscribe();
    expect(await firstValueFrom(alarm(1, clock))).toBe(0);
    expect(disarmed).toBe(false);
  });
});
