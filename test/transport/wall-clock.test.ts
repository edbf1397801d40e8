import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { firstValueFrom } from 'rxjs';
import { after as alarm } from '../../src/operators/after.ts';
import { wallClock } from '../../src/transport/wall-clock.ts';
import '../support/properties.ts';

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

  test('a suspended machine is noticed, told once, and its time made up for', () => {
    const system = systemTime(1_778_504_400_000);
    const now = jest.spyOn(Date, 'now');
    const at = (nowMs: number, suspendedMs: number) => {
      system.nowMs = nowMs;
      now.mockReturnValue(1_778_504_400_000 + nowMs + suspendedMs);
    };
    at(0, 0);
    const clock = wallClock();
    at(1_000, 0);
    expect(clock.stoodStill?.()).toBe(0);
    at(2_000, 600_000);
    expect(clock.stoodStill?.()).toBe(601_000_000);
    expect(clock.at).toBe(1_778_505_002_000_000);
    at(3_000, 600_000);
    expect(clock.stoodStill?.()).toBe(0);
  });

  test('a process that was stopped for five seconds stood still too, though both clocks went on', () => {
    const system = systemTime(0);
    jest.spyOn(Date, 'now').mockImplementation(() => system.nowMs);
    const clock = wallClock();
    system.nowMs = 4_999;
    expect(clock.stoodStill?.()).toBe(0);
    system.nowMs = 9_999;
    expect(clock.stoodStill?.()).toBe(5_000_000);
    expect(clock.at).toBe(9_999_000);
  });

  test('never goes back and never stays two seconds behind, whatever suspends, stops and settings come', () => {
    const step = fc.record({
      ranMs: fc.nat(9_000),
      setMs: fc.oneof(fc.nat(9_000_000), fc.integer({ min: -9_000, max: 9_000 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const system = systemTime(1_778_504_400_000);
        let wallMs = 1_778_504_400_000;
        jest.spyOn(Date, 'now').mockImplementation(() => wallMs);
        const clock = wallClock();
        let before = clock.at;
        for (const { ranMs, setMs } of steps) {
          system.nowMs += ranMs;
          wallMs += ranMs + setMs;
          const behind = wallMs * 1_000 - clock.at;
          const stood = clock.stoodStill?.() ?? 0;
          expect(stood > 0).toBe(behind >= 2_000_000 || ranMs >= 5_000);
          expect(clock.at).toBeGreaterThanOrEqual(before);
          expect(wallMs * 1_000 - clock.at).toBeLessThan(2_000_000);
          before = clock.at;
        }
      }),
    );
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
