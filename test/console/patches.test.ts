import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changedFields } from '../../src/console/changed-fields.ts';
import '../support/properties.ts';

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A view of four fields, each a number, a text, null, a list of levels or an object. */
const field = fc.oneof(
  fc.constantFrom(null, 0, 1, -1, 0.5, 'a', '', true, false),
  fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { maxLength: 2 }),
  fc.record({ a: fc.option(fc.nat(1)), b: fc.constantFrom('x', 'y') }, { requiredKeys: ['a'] }),
);
const view = fc.record({ one: field, two: field, three: field, four: field });

describe('what a patch has of an entry', () => {
  test('property: the fields that changed, put over the entry before, give the entry now, and none is sent in vain', () => {
    fc.assert(
      fc.property(view, view, fc.boolean(), (before, other, isCopy) => {
        const now = isCopy ? plain(before) : other;
        const names = (['one', 'two', 'three', 'four'] as const).filter(
          (name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]),
        );
        const changed = changedFields(before, now);
        expect(Object.keys(changed ?? {})).toEqual(names);
        expect(changed === undefined).toBe(names.length === 0);
        expect({ ...before, ...changed }).toEqual(now);
      }),
    );
  });

  test('of a new entry all fields are sent', () => {
    fc.assert(fc.property(view, (now) => expect(changedFields(undefined, now)).toEqual(now)));
  });
});
