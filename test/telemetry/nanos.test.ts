import { describe, expect, test } from '@jest/globals';
import { nanosOf } from '../../src/telemetry/nanos.ts';

describe('nanosOf', () => {
  test('points of one series at one microsecond are told apart, in their order', () => {
    const nanos = nanosOf();
    const at = 1_778_716_500_000_001;
    expect([nanos('a', at), nanos('a', at), nanos('b', at), nanos('a', at), nanos('a', at + 1)]).toEqual([
      '1778716500000001000',
      '1778716500000001001',
      '1778716500000001000',
      '1778716500000001002',
      '1778716500000002000',
    ]);
  });

  test('past a thousand they share the last nanosecond rather than leave their microsecond', () => {
    const nanos = nanosOf();
    const last = Array.from({ length: 1100 }, () => nanos('a', 5)).at(-1);
    expect(last).toBe('5999');
  });
});
