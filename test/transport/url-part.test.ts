import '../support/properties.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { urlPart } from '../../src/transport/url-part.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '.',
    '..',
    '../portfolio/orders?status=resting&x=',
    '%2e%2e',
    'a/b',
    'a?b',
    'a#b',
    '\ud800',
    '\r\nX: y',
  ),
);

describe('urlPart', () => {
  test('property: a text stays one segment of its path, whatever it holds, and one value of its query', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const url = new URL(`https://venue.example/events/${urlPart(text)}/end?name=${urlPart(text)}&last=1`);
        expect(url.host).toBe('venue.example');
        expect(url.pathname.split('/')).toHaveLength(4);
        expect(url.pathname.startsWith('/events/')).toBe(true);
        expect([...url.searchParams.keys()]).toEqual(['name', 'last']);
        expect(url.hash).toBe('');
      }),
    );
  });

  test('property: a text of whole characters that is no run of dots is read back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(!/^\.*$/.test(text));
        expect(decodeURIComponent(urlPart(text))).toBe(text);
      }),
    );
  });
});
