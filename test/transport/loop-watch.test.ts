import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { loopWatch } from '../../src/transport/loop-watch.ts';

const hold = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

describe('loopWatch', () => {
  test('a hold above the limit is told once with its length, and one below it is not', async () => {
    const watch = loopWatch(300);
    // The monitor's own first timer must have run, and the machine may have held the loop itself.
    do await setTimeout(60);
    while (watch.read() !== undefined);
    const { blocks } = watch.stats();
    hold(800);
    await setTimeout(60);
    const heldMs = watch.read();
    expect(heldMs).toBeGreaterThan(300);
    expect(watch.stats().blocks).toBe(blocks + 1);
    expect(watch.stats().worstMs).toBeGreaterThanOrEqual(heldMs ?? Number.POSITIVE_INFINITY);
    watch.close();
    const patient = loopWatch(1e9);
    await setTimeout(60);
    hold(100);
    await setTimeout(60);
    expect(patient.read()).toBeUndefined();
    expect(patient.stats().blocks).toBe(0);
    patient.close();
  });
});
