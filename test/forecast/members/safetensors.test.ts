import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSafetensors } from '../../../src/forecast/members/safetensors.ts';
import { rawTensorFile, tensorFile } from './tensor-file.ts';

const float = fc.float({ noNaN: true });
const tensor = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) =>
  fc.array(float, { minLength: 0, maxLength: 64 }).map((pool) => ({
    shape,
    data: Float32Array.from(
      { length: shape.reduce((product, size) => product * size, 1) },
      (_, i) => pool[i % pool.length] ?? i,
    ),
  })),
);
const name = fc.string({ minLength: 1 }).filter((text) => !text.startsWith('__'));
const two = tensorFile([
  ['a', { shape: [2], data: Float32Array.of(1, 2) }],
  ['b', { shape: [1, 3], data: Float32Array.of(3, 4, 5) }],
]);
const entry = (from: number, to: number, over: object = {}) => ({
  dtype: 'F32',
  shape: [(to - from) / 4],
  data_offsets: [from, to],
  ...over,
});
const refusalOf = (header: object | string, bytes = 0): string => {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  try {
    readSafetensors(rawTensorFile(text, new Uint8Array(bytes)));
  } catch (cause) {
    const { message } = cause as Error;
    expect(message).toMatch(/^safetensors: /);
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('safetensors.test: it must be refused, and was not');
};

describe('readSafetensors', () => {
  test('reads the bytes of the format’s own description: length, header, values, all little-endian', () => {
    const header = '{"__metadata__":{"heads":"2"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}   ';
    const values = Uint8Array.of(0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x20, 0xc0);
    const { tensors, metadata } = readSafetensors(rawTensorFile(header, values));
    expect(metadata).toEqual({ heads: '2' });
    expect([...tensors]).toEqual([['w', { shape: [1, 2], data: Float32Array.of(1, -2.5) }]]);
  });

  test('property: what was written is read again, bit by bit, wherever in memory the bytes lie', () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, tensor, { noNullPrototype: true }),
        fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
        fc.nat(7),
        (given, metadata, offset) => {
          const file = tensorFile(Object.entries(given), metadata);
          const shifted = Buffer.concat([Buffer.alloc(offset), file]).subarray(offset);
          const found = readSafetensors(shifted);
          expect(Object.fromEntries(found.tensors)).toEqual(given);
          expect(found.metadata).toEqual(metadata);
        },
      ),
    );
  });

  test('tensors may stand in the header in any order, empty ones among them', () => {
    const header = { b: entry(8, 12), a: entry(0, 8), none: entry(0, 0) };
    const { tensors } = readSafetensors(rawTensorFile(JSON.stringify(header), new Uint8Array(12)));
    expect(Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]))).toEqual({
      a: [2],
      b: [1],
      none: [0],
    });
  });

  test('a file cut short anywhere, or with anything after it, is refused', () => {
    for (let length = 0; length < two.length; length++)
      expect(() => readSafetensors(two.subarray(0, length))).toThrow(/^safetensors: /);
    expect(() => readSafetensors(Buffer.concat([two, Buffer.of(0)]))).toThrow(
      'safetensors: the tensors must end where the file does, at 21 bytes of values, was 20',
    );
  });

  test('a header longer than the file is refused before it is read', () => {
    const file = Buffer.from(two);
    file.writeBigUInt64LE(2n ** 63n);
    expect(() => readSafetensors(file)).toThrow(
      `safetensors: the header must end inside the file of ${two.length} bytes, was ${2n ** 63n} bytes long`,
    );
  });

  test('a header that is no JSON, or of another shape, is refused with its key', () => {
    expect(refusalOf('{"a":')).toMatch(/the header must be JSON, was "\{\\"a\\":" \(/);
    expect(refusalOf('[]')).toContain('the header is not usable: the whole: ');
    expect(refusalOf({ a: entry(0, 4, { dtype: 'F16' }) }, 4)).toContain('not usable: a.dtype: ');
    expect(refusalOf({ a: entry(0, 4, { shape: [-1] }) }, 4)).toContain('not usable: a.shape.0: ');
    expect(refusalOf({ a: entry(0, 4, { data_offsets: [0] }) }, 4)).toContain('not usable: a.data_offsets');
    expect(refusalOf({ a: entry(0, 4, { color: 1 }) }, 4)).toContain('not usable: a: ');
    expect(refusalOf({ __metadata__: { heads: 2 } })).toContain('not usable: __metadata__.heads: ');
  });

  test('spans that overlap, leave a hole or do not fit their shape are refused with both', () => {
    expect(refusalOf({ a: entry(0, 8), b: entry(4, 12) }, 12)).toBe(
      'safetensors: b of shape [2] must have the 8 bytes from 8, was 4 to 12',
    );
    expect(refusalOf({ a: entry(0, 4), b: entry(8, 12) }, 12)).toBe(
      'safetensors: b of shape [1] must have the 4 bytes from 4, was 8 to 12',
    );
    expect(refusalOf({ a: entry(0, 8, { shape: [3] }) }, 8)).toBe(
      'safetensors: a of shape [3] must have the 12 bytes from 0, was 0 to 8',
    );
    expect(refusalOf({ a: entry(0, 4e12) }, 8)).toContain('at 8 bytes of values, was 4000000000000');
  });
});
