import '../support/properties.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { troubles } from '../../src/telemetry/troubles.ts';

describe('troubles', () => {
  test('one that comes a hundred times is told three times, and its count in the end once', () => {
    const told: string[] = [];
    const { add, end } = troubles((why) => told.push(why));
    for (let i = 0; i < 250; i++) add(`HTTP 400: partial write, dropped=${i}`);
    end();
    end();
    expect(told).toEqual([
      'HTTP 400: partial write, dropped=0',
      '10 times so far: HTTP 400: partial write, dropped=0',
      '100 times so far: HTTP 400: partial write, dropped=0',
      '250 times in all: HTTP 400: partial write, dropped=0',
    ]);
  });

  test('property: every kind is told when it comes first, and lines grow with kinds and digits, not with troubles', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 300 }), (kinds) => {
        const told: string[] = [];
        const { add, end } = troubles((why) => told.push(why));
        for (const kind of kinds) add(kind);
        for (const kind of new Set(kinds)) expect(told).toContain(kind);
        end();
        for (const kind of new Set(kinds)) {
          const count = kinds.filter((each) => each === kind).length;
          const lines = told.filter((line) => line.endsWith(kind));
          expect(lines.length).toBeLessThanOrEqual(String(count).length + 1);
          if (count > 1 && !/^10*$/.test(String(count)))
            expect(lines.at(-1)).toBe(`${count} times in all: ${kind}`);
        }
      }),
    );
  });

  test('kinds without end are told as one kind after the twentieth', () => {
    const told: string[] = [];
    const { add, end } = troubles((why) => told.push(why));
    for (let i = 0; i < 5_000; i++) add(`trouble ${String.fromCodePoint(0x4e00 + i)}`);
    end();
    expect(told.length).toBeLessThan(30);
    expect(told.at(-1)).toMatch(/^4980 times in all: others, such as: /);
  });
});
