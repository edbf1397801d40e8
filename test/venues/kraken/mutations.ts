import fc from 'fast-check';

const TOKENS = [
  'null',
  'true',
  '1e999',
  '-1',
  '0',
  '0.5',
  '""',
  '"NaN"',
  '[]',
  '{}',
  '9007199254740993',
  '[[]]',
  '-1e999',
];

/** Texts made from valid frames by replacing values, cutting, doubling and overwriting characters. */
export const mutatedTexts = (originals: readonly string[]): fc.Arbitrary<string> =>
  fc.constantFrom(...originals).chain((text) => {
    const values = [...text.matchAll(/(?<=[:[,])(?:"[^"]*"|-?[\d.e+-]+|true|false|null)(?=[,\]}])/g)];
    const index = fc.nat(text.length);
    return fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .tuple(fc.nat(Math.max(0, values.length - 1)), fc.constantFrom(...TOKENS))
          .map(([which, token]) => {
            const value = values[which];
            return value
              ? text.slice(0, value.index) + token + text.slice(value.index + value[0].length)
              : text;
          }),
      },
      index.map((end) => text.slice(0, end)),
      fc
        .tuple(index, fc.string({ minLength: 1, maxLength: 2 }))
        .map(([at, mark]) => text.slice(0, at) + mark + text.slice(at + mark.length)),
      fc.tuple(index, index).map(([a, b]) => text.slice(0, a) + text.slice(b)),
      fc
        .tuple(index, fc.constantFrom(...'0123456789'))
        .map(([at, digit]) => text.slice(0, at) + digit + text.slice(at)),
    );
  });
