import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sessionName } from '../../src/cli/live-venues.ts';

describe('sessionName', () => {
  test('is the lane and the second in UTC', () =>
    expect(sessionName('paper', new Date('2026-11-23T14:05:02.987Z'))).toBe('paper-20261123T140502Z'));

  test('property: names of a lane are fit for files, and sort as their seconds do', () => {
    const second = fc.integer({ min: 0, max: 4_102_444_799 });
    const millis = fc.integer({ min: 0, max: 999 });
    fc.assert(
      fc.property(second, second, millis, (a, b, extraMs) => {
        const [first, next] = [a, b].map((at) => sessionName('demo', new Date(at * 1_000 + extraMs)));
        expect(first).toMatch(/^demo-\d{8}T\d{6}Z$/);
        expect(Math.sign((first ?? '').localeCompare(next ?? ''))).toBe(Math.sign(a - b));
      }),
    );
  });
});
