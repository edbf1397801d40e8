import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tellLater } from '../../src/cli/tell-later.ts';
import type { Audited } from '../../src/domain/events/audit.ts';
import '../support/properties.ts';

const eventOf = (seq: number): Audited => ({ seq, event: { kind: 'session', at: seq, name: 'test' } });

/** Turns of a loop that the test runs by hand. */
function turns() {
  let waiting: (() => void)[] = [];
  return {
    soon: (run: () => void) => {
      waiting.push(run);
    },
    turn: () => {
      const due = waiting;
      waiting = [];
      for (const run of due) run();
      return due.length;
    },
  };
}

describe('events that are told after the frame', () => {
  test('property: all come, once, in their order, none within the call that gave it, a turn at a time', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), count: fc.nat(700) }),
      fc.record({ kind: fc.constant('turn' as const) }),
      fc.record({ kind: fc.constant('flush' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const loop = turns();
        const told: number[] = [];
        // No time passes, so that a turn ends by its count alone.
        const later = tellLater(
          ({ seq }) => told.push(seq),
          loop.soon,
          () => 0,
        );
        let given = 0;
        for (const each of steps) {
          const before = told.length;
          if (each.kind === 'add') {
            for (let i = 0; i < each.count; i++) later.add(eventOf(++given));
            expect(told).toHaveLength(before);
          } else if (each.kind === 'turn') {
            // Never two at a time, and some of what waits with each.
            expect(loop.turn()).toBeLessThanOrEqual(1);
            expect(told.length - before).toBe(Math.min(256, given - before));
          } else {
            later.flush();
            expect(told).toHaveLength(given);
          }
        }
        while (loop.turn() > 0);
        expect(told).toEqual(Array.from({ length: given }, (_, i) => i + 1));
      }),
      { numRuns: 50 },
    );
  });

  test('property: a turn ends with the event that uses up its half millisecond, which grows with what waits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 600 }),
        (costsMicros) => {
          const loop = turns();
          // No sum of them is a whole number, so that none meets a bound exactly.
          const costOf = (i: number): number => (costsMicros[i] ?? 0) + Math.SQRT2 - 1;
          let micros = 0;
          let told = 0;
          const later = tellLater(
            ({ seq }) => {
              told++;
              micros += costOf(seq - 1);
            },
            loop.soon,
            () => micros / 1_000,
          );
          costsMicros.forEach((_, i) => {
            later.add(eventOf(i + 1));
          });
          while (told < costsMicros.length) {
            const [first, beganMicros] = [told, micros];
            const spanMicros = 500 + (costsMicros.length - told);
            loop.turn();
            let expected = 0;
            let spent = 0;
            while (
              expected < 256 &&
              first + expected < costsMicros.length &&
              (expected === 0 || spent < spanMicros)
            )
              spent += costOf(first + expected++);
            expect(told - first).toBe(expected);
            expect(micros - beganMicros).toBeCloseTo(spent, 3);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a lane that never gives the loop a turn tells the oldest itself: what waits stays bounded', () => {
    const told: number[] = [];
    const later = tellLater(
      ({ seq }) => told.push(seq),
      () => {},
    );
    for (let seq = 1; seq <= 200_000; seq++) {
      later.add(eventOf(seq));
      if (seq - told.length > 50_000) throw new Error(`${seq - told.length} wait`);
    }
    later.flush();
    expect(told).toEqual(Array.from({ length: 200_000 }, (_, i) => i + 1));
  });

  test('what a watcher throws is thrown to the lane with its next event, and to whoever waits for the end', () => {
    const loop = turns();
    const later = tellLater(() => {
      throw new Error('event 2 came where 1 was next');
    }, loop.soon);
    later.add(eventOf(2));
    loop.turn();
    expect(() => later.add(eventOf(3))).toThrow('event 2 came where 1 was next');
    expect(later.flush).toThrow('event 2 came where 1 was next');
    expect(loop.turn()).toBe(0);
  });
});
