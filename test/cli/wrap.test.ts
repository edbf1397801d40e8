import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wrap } from '../../src/cli/wrap.ts';

describe('wrap', () => {
  const word = fc.stringMatching(/^[a-z]{1,9}$/);
  const part = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));

  test('property: no line is wider, and every word stands in its order, whole', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 12, max: 90 }), (parts, width) => {
        const lines = wrap(parts, width, { gap: '   ', indent: '  ' });
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(parts.flatMap((each) => each.split(' ')));
      }),
    );
  });

  test('property: a part that fits into a line is never broken', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const lines = wrap(parts, 90, { gap: '   ', indent: '  ' });
        for (const each of parts) expect(lines.some((line) => line.includes(each))).toBe(true);
      }),
    );
  });

  test('a word that is wider than a line is cut, and without a width there is one line', () => {
    expect(wrap(['abcdefghij'], 4)).toEqual(['abcd']);
    expect(wrap(['a b', 'c'], Number.POSITIVE_INFINITY, { gap: '   ' })).toEqual(['a b   c']);
    expect(wrap([], 10)).toEqual([]);
  });
});
