import '../support/properties.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asciiJson } from '../../src/cli/ascii-json.ts';
import { errorText } from '../../src/cli/error-text.ts';
import { screenLine } from '../../src/cli/screen-line.ts';
import { printable } from '../../src/domain/printable.ts';

const EVIL = [
  '\u001b[2J\u001b[31mPWNED',
  'a\nb\tc',
  '\u009b2J',
  '\u202e\u0000x',
  '\r\npwn',
  '\u2028',
  '\u0007',
  '\ud800',
  'a\u0301\u0302\u0303\u0304\u0305',
];
const hostile = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...EVIL)), { maxLength: 8 })
  .map((parts) => parts.join(''));
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come out
const ACTS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;

describe('a text of a venue', () => {
  test('property: as a printable line it neither ends, moves nor turns it, and is as long as allowed at most', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 100 }), (text, most) => {
        const line = printable(text, most);
        expect(line).not.toMatch(ACTS);
        expect(line.length).toBeLessThanOrEqual(most);
        expect(line).not.toMatch(/\p{Cs}/u);
      }),
    );
  });

  test('property: plain words stay as they are', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]([ -~]{0,50}[!-~])?$/), (text) => {
        expect(printable(text)).toBe(text);
      }),
    );
    expect(printable('1,000 µs — “ok” · ≥ 5 ¢')).toBe('1,000 µs — “ok” · ≥ 5 ¢');
  });

  test('property: on the screen a result is one line a line, indented as it was, and JSON says the same in ASCII', () => {
    fc.assert(
      fc.property(hostile, fc.nat(12), (text, indent) => {
        const line = screenLine(`${' '.repeat(indent)}x${text}`);
        expect(line).not.toMatch(ACTS);
        expect(line.startsWith(`${' '.repeat(indent)}x`)).toBe(true);
        const json = asciiJson({ text, [text]: [text] });
        expect(json).toMatch(/^[ -~]*$/);
        expect(JSON.parse(json)).toEqual({ [text]: [text], text });
      }),
    );
  });

  test('an error keeps its lines and loses its secrets and its escapes', () => {
    expect(errorText(new Error('one \u001b[2J\ntwo http://admin:hunter2@db/x'))).toBe(
      'one  [2J\ntwo http://(not shown)@db/x',
    );
  });
});
