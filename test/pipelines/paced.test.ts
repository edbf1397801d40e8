import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paced } from '../../pipelines/edges/paced.ts';

const START_AT = 1_000_000;
const MOST = 500;

describe('paced', () => {
  test('is the time that was asked for while steps come in time', () => {
    let asked = START_AT;
    const { now, step } = paced(() => asked, START_AT, MOST);
    for (let i = 0; i < 20; i++) {
      asked += MOST;
      expect([now(), step()]).toEqual([asked, asked]);
    }
  });

  test('stands still while no step comes, and goes on from there as fast as asked', () => {
    let asked = START_AT;
    const { now, step } = paced(() => asked, START_AT, MOST);
    asked += 10 * MOST;
    expect([now(), step(), now()]).toEqual([START_AT + MOST, START_AT + MOST, START_AT + MOST]);
    asked += 7;
    expect(now()).toBe(START_AT + MOST + 7);
  });

  test('property: it never goes back, never runs past what was asked, and no step is larger than the most', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2_000), fc.boolean())), (moves) => {
        let asked = START_AT;
        let [before, reached] = [START_AT, START_AT];
        const { now, step } = paced(() => asked, START_AT, MOST);
        for (const [by, steps] of moves) {
          asked += by;
          expect(now()).toBeGreaterThanOrEqual(before);
          expect(now()).toBeLessThanOrEqual(asked);
          before = now();
          if (!steps) continue;
          const to = step();
          expect(to).toBe(before);
          expect(to - reached).toBeLessThanOrEqual(MOST);
          reached = to;
        }
      }),
    );
  });
});
