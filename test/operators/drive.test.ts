import { describe, expect, test } from '@jest/globals';
import { drive } from '../../src/operators/drive.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';

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
