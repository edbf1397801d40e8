import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { every } from '../../src/operators/after.ts';
import { drive, LONGEST_QUIET_MICROS } from '../../src/operators/drive.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import '../support/properties.ts';

const wire = (at: number, kind = 'wire') => ({ kind, at });

describe('drive', () => {
  test('due timers run before the frame, zero-delay work after it, at the frame’s time', async () => {
    const clock = tapeScheduler(0);
    const seen: string[] = [];
    clock.schedule(() => {
      seen.push(`timer ${clock.at}`);
    }, 2);
    const driven = await drive([[wire(1_000), wire(3_000)]], clock, ({ at }) => {
      seen.push(`frame ${at}`);
      clock.schedule(() => {
        seen.push(`asked ${clock.at}`);
      });
    });
    expect(seen).toEqual(['frame 1000', 'asked 1000', 'timer 2000', 'frame 3000', 'asked 3000']);
    expect(driven).toEqual({ frames: 2, backwards: 0 });
  });

  test('no timer fires through the hole before a session', async () => {
    const clock = tapeScheduler(0);
    const seen: string[] = [];
    clock.schedule(() => {
      seen.push(`timer ${clock.at}`);
    }, 5);
    await drive([[wire(1_000), wire(900_000, 'session'), wire(900_001)]], clock, ({ kind, at }) => {
      seen.push(`${kind} ${at}`);
    });
    expect(seen).toEqual(['wire 1000', 'session 900000', 'timer 900000', 'wire 900001']);
  });

  test('up to ten quiet minutes timers fire as they fall due; beyond, each fires once', async () => {
    const beats = async (quietMicros: number): Promise<number> => {
      const clock = tapeScheduler(0);
      let count = 0;
      const beating = every(1_000, clock).subscribe(() => count++);
      await drive([[wire(0), wire(quietMicros)]], clock, () => {});
      beating.unsubscribe();
      return count;
    };
    expect(await beats(LONGEST_QUIET_MICROS)).toBe(600);
    expect(await beats(LONGEST_QUIET_MICROS + 1)).toBe(1);
    expect(await beats(75 * 365 * DAY)).toBe(1);
  });

  test('no times of frames fire more timers than their frames deserve', async () => {
    const gap = fc.oneof(
      fc.integer({ min: 0, max: 2 * SECOND }),
      fc.integer({ min: -40 * 365 * DAY, max: 75 * 365 * DAY }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(gap, { minLength: 1, maxLength: 12 }), async (gaps) => {
        const clock = tapeScheduler(0);
        let fired = 0;
        const beating = every(1_000, clock).subscribe(() => fired++);
        const ats: number[] = [];
        for (const each of gaps)
          ats.push(Math.max(0, Math.min(Number.MAX_SAFE_INTEGER / 2, (ats.at(-1) ?? 0) + each)));
        const frames = ats.map((at) => wire(at));
        await drive([frames], clock, () => {});
        beating.unsubscribe();
        expect(fired).toBeLessThanOrEqual(frames.length * (LONGEST_QUIET_MICROS / SECOND + 1));
        expect(clock.pending()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('nothing moves while a promise is held', async () => {
    const clock = tapeScheduler(0);
    const seen: string[] = [];
    clock.schedule(() => {
      seen.push('timer');
    }, 2);
    await drive([[wire(1_000), wire(3_000)]], clock, ({ at }) => {
      seen.push(`frame ${at}`);
      if (at === 1_000)
        clock.hold(async () => 'forecast').subscribe((value) => seen.push(`${value} ${clock.at}`));
    });
    expect(seen).toEqual(['frame 1000', 'forecast 1000', 'timer', 'frame 3000']);
  });

  test('a frame stamped before the clock is delivered, counted, and moves nothing', async () => {
    const clock = tapeScheduler(0);
    const seen: number[] = [];
    const driven = await drive([[wire(5_000)], [wire(4_000)]], clock, () => seen.push(clock.at));
    expect(seen).toEqual([5_000, 5_000]);
    expect(driven).toEqual({ frames: 2, backwards: 1 });
  });

  test('a failure of the graph stops the drive', async () => {
    const failing = drive([[wire(1), wire(2)]], tapeScheduler(0), ({ at }) => {
      if (at === 2) throw new Error('broken operator');
    });
    await expect(failing).rejects.toThrow('broken operator');
  });
});
