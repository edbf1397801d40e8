import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sortedQueue } from '../../src/operators/sorted-queue.ts';

describe('sortedQueue', () => {
  test('property: it is a stable sort that gives its oldest back, however long it has been used', () => {
    const steps = fc.array(fc.oneof(fc.record({ at: fc.nat(20) }), fc.constant('shift' as const)), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 3000 }), (walk, warmUp) => {
        const queue = sortedQueue<{ readonly at: number; readonly id: number }>();
        for (let id = 0; id < warmUp; id++) queue.insert({ at: id, id: -1 });
        for (let id = 0; id < warmUp; id++) queue.shift();
        const model: { readonly at: number; readonly id: number }[] = [];
        walk.forEach((step, id) => {
          if (step === 'shift') expect(queue.shift()).toEqual(model.shift());
          else {
            queue.insert({ at: step.at, id });
            model.push({ at: step.at, id });
            model.sort((x, y) => x.at - y.at || x.id - y.id);
          }
          expect([queue.size(), queue.oldest(), queue.newest()]).toEqual([
            model.length,
            model[0],
            model.at(-1),
          ]);
        });
        const left: unknown[] = [];
        queue.forEach((event) => {
          left.push(event);
        });
        expect(left).toEqual(model);
      }),
      { numRuns: 30 },
    );
  });
});
