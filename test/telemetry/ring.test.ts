import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ring } from '../../src/telemetry/ring.ts';

describe('ring', () => {
  test('property: it is a list that loses its head when it grows over its capacity', () => {
    const steps = fc.array(fc.oneof(fc.constant('push' as const), fc.nat(5)), { maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), steps, (capacity, walk) => {
        const queue = ring<number>(capacity);
        let list: number[] = [];
        walk.forEach((step, i) => {
          if (step === 'push') {
            const full = list.length === capacity;
            expect(queue.push(i)).toBe(full);
            list = [...list, i].slice(-capacity);
          } else {
            expect(queue.take(step)).toEqual(list.slice(0, step));
            list = list.slice(step);
          }
          expect(queue.size()).toBe(list.length);
        });
      }),
    );
  });
});
