import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanPoint } from '../../src/telemetry/clean-point.ts';

const rejected = (fields: Record<string, string>, tags: Record<string, string> = { venue: 'kraken' }) =>
  cleanPoint({ measurement: 'rejected', at: 1, tags, fields });

describe('cleanPoint', () => {
  test('numbers that are not finite, and fields of another kind, are left out', () => {
    const fields = {
      valueDollars: Number.NaN,
      errorBasisPoints: Number.POSITIVE_INFINITY,
    };
    expect(cleanPoint({ measurement: 'index', at: 1, tags: {}, fields })).toBeUndefined();
    expect(
      cleanPoint({ measurement: 'index', at: 1, tags: {}, fields: { ...fields, valueDollars: 2.5 } })?.fields,
    ).toEqual({
      valueDollars: 2.5,
    });
    expect(
      cleanPoint({ measurement: 'index', at: 1, tags: {}, fields: { valueDollars: 'text', unknown: 1 } }),
    ).toBeUndefined();
  });

  test('an integer field takes whole numbers only: the client would round a fraction down in silence', () => {
    const fields = { cashDollars: 1.5, openOrders: 1.5, openPositions: 2 };
    expect(cleanPoint({ measurement: 'account', at: 1, tags: {}, fields })?.fields).toEqual({
      cashDollars: 1.5,
      openPositions: 2,
    });
  });

  test.each([Number.NaN, -1, 1.5])('a time of %d makes no point', (at) => {
    expect(cleanPoint({ measurement: 'rejected', at, tags: {}, fields: { why: 'x' } })).toBeUndefined();
  });

  test.each([
    ['kraken\nevil,x=1 y=2', 'kraken evil,x=1 y=2'],
    ['ends in \\\\', 'ends in'],
    ['', 'none'],
    ['\\', 'none'],
    [' \r\n ', 'none'],
  ])('the tag %j becomes %j', (given, clean) => {
    expect(rejected({ why: 'x' }, { venue: given })?.tags).toEqual({ venue: clean });
  });

  test('property: no tag breaks a line, ends in a backslash or is empty; no text breaks a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (tag, text) => {
        const point = rejected({ why: text }, { venue: tag });
        expect(point?.tags['venue']).toMatch(/^[^\r\n]*[^\\\r\n]$/u);
        expect(point?.fields['why']).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
