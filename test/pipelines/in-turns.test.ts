import { setImmediate as later } from 'node:timers';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inTurns } from '../../pipelines/edges/in-turns.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { atOnce } from '../../src/emulator/world/at-once.ts';
import { emulatedWorld, makingWorld } from '../../src/emulator/world/world.ts';

describe('work that pauses', () => {
  test('comes to the same in turns as at once, and lets the loop turn in every pause', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.integer(), async (pauses, result) => {
        let turns = 0;
        const seen: number[] = [];
        let going = true;
        const turn = (): void => {
          turns++;
          if (going) later(turn);
        };
        later(turn);
        function* work(): Generator<undefined, number> {
          for (let i = 0; i < pauses; i++) {
            seen.push(turns);
            yield;
          }
          seen.push(turns);
          return result;
        }
        expect(await inTurns(work())).toBe(result);
        going = false;
        // Between any two pieces somebody else had his turn.
        expect(new Set(seen).size).toBe(pauses + 1);
        expect(atOnce(work())).toBe(result);
      }),
    );
  });

  test('is thrown on as it throws', async () => {
    // biome-ignore lint/correctness/useYield: it throws before its first pause.
    function* failing(): Generator<undefined, never> {
      throw new RangeError('no such market');
    }
    await expect(inTurns(failing())).rejects.toThrow('no such market');
    expect(() => atOnce(failing())).toThrow('no such market');
  });

  test('is the market before the start: the same bars, and a pause for every two hours of it', async () => {
    const { emulator, assets } = settingsSchema.parse({ emulator: { historyMinutes: 300 } });
    const making = makingWorld(emulator, assets);
    let pauses = 0;
    for (;;) {
      const { done, value } = making.next();
      if (done) {
        expect(value.history).toEqual(emulatedWorld(emulator, assets).history);
        break;
      }
      pauses++;
    }
    expect(pauses).toBe(2);
  });
});
