import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundBroken, MOST_CHARACTERS } from '../../src/transport/json-bounds.ts';
import { jsonOf } from '../../src/transport/json-of.ts';
import '../support/properties.ts';

/** Depth of a parsed value, found on the value itself. */
const depthOf = (json: unknown): number =>
  typeof json === 'object' && json !== null ? 1 + Math.max(0, ...Object.values(json).map(depthOf)) : 0;

describe('boundBroken', () => {
  test('property: text within the bounds is parsed as JSON.parse does, whatever stands in its strings', () => {
    const hostileText = fc.string({ unit: fc.constantFrom('[', '{', '"', '\\', ',', ']', 'a') });
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), hostileText, (value, words) => {
        const text = JSON.stringify({ value, words, again: Array.from({ length: 40 }, () => words) });
        expect(boundBroken(text)).toBeUndefined();
        expect(jsonOf(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('property: it refuses exactly what is nested deeper than 64, in lists and objects alike', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 40, maxLength: 90 }), fc.string(), (lists, words) => {
        const text = lists.reduceRight(
          (inner, list) => (list ? `[${JSON.stringify(words)},${inner}]` : `{"a":${inner}}`),
          '1',
        );
        const depth = depthOf(JSON.parse(text));
        expect(boundBroken(text)).toBe(depth > 64 ? 'nested deeper than 64' : undefined);
        expect(jsonOf(text) === undefined).toBe(depth > 64);
      }),
    );
  });

  test('it refuses more members than 250,000 and more characters than eight Mi, and says how many came', () => {
    const list = (members: number): string => `[${Array.from({ length: members }, () => '1').join()}]`;
    expect(boundBroken(list(250_000))).toBeUndefined();
    expect(boundBroken(list(250_001))).toBe('250001 members, at most 250000 are read');
    expect(boundBroken('x'.repeat(MOST_CHARACTERS + 1))).toBe('8388609 characters, at most 8388608 are read');
    expect(jsonOf(`"${'x'.repeat(MOST_CHARACTERS)}"`)).toBeUndefined();
  });

  test('a million brackets cost no stack', () => {
    expect(jsonOf('['.repeat(1_000_000))).toBeUndefined();
  });
});
