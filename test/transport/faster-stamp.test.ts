import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { fasterStamp } from '../../src/transport/faster-stamp.ts';

const START = 1_778_504_400_000_000;
const EPOCH = 1_700_000_000_000_000;

describe('fasterStamp', () => {
  test('begins at its epoch, whatever the clock says, and runs so many times as fast', () => {
    const clock = tapeScheduler(START);
    const stamp = fasterStamp(clock, { epochMicros: EPOCH, speed: 20 });
    expect(stamp()).toBe(EPOCH);
    clock.runTo(START + 3_000_000);
    expect(stamp()).toBe(EPOCH + 60_000_000);
  });

  test('at speed 1 from now on it is the clock itself', () => {
    const clock = tapeScheduler(START);
    const stamp = fasterStamp(clock, { epochMicros: START, speed: 1 });
    clock.runTo(START + 1_234_567);
    expect(stamp()).toBe(clock.at);
  });

  test('property: stamps are whole microseconds, never go back, and do not drift over a day', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 2_000 }), (stepsMicros, tenths) => {
        const clock = tapeScheduler(START);
        const stamp = fasterStamp(clock, { epochMicros: EPOCH, speed: tenths / 10 });
        let before = stamp();
        for (const step of stepsMicros) {
          clock.runTo(clock.at + step);
          const now = stamp();
          expect(Number.isSafeInteger(now)).toBe(true);
          expect(now).toBeGreaterThanOrEqual(before);
          before = now;
        }
        const elapsed = stepsMicros.reduce((sum, step) => sum + BigInt(step), 0n);
        const exactTenths = BigInt(EPOCH) * 10n + elapsed * BigInt(tenths);
        expect(Math.abs(Number(BigInt(before) * 10n - exactTenths))).toBeLessThanOrEqual(6);
      }),
    );
  });
});
