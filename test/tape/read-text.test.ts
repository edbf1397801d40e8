import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readText } from '../../src/tape/read-text.ts';
import '../support/properties.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const textOf = async (path: string): Promise<string> => {
  const blocks: Buffer[] = [];
  for await (const block of readText(path, 'test')) blocks.push(block);
  return Buffer.concat(blocks).toString();
};

const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a mark': (text) => Buffer.from(`\uFEFF${text}`),
  'UTF-16 LE': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16 BE': (text) => swapped(`\uFEFF${text}`),
};

describe('readText', () => {
  test('the same text is read from every encoding, plain or gzip, whole lines a block', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', 'ü', '€', '😀', ' '), maxLength: 40 });
    const text = fc
      .tuple(fc.array(line, { minLength: 1, maxLength: 30 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .map(([lines, end, ended]) => `x${lines.join(end)}${ended ? end : ''}`);
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom(...Object.keys(ENCODINGS)),
        fc.constantFrom(0, 1, 2),
        async (content, encoding, zipped) => {
          const bytes = ENCODINGS[encoding]?.(content) ?? Buffer.alloc(0);
          // The second gzip form has two members, as `cat a.gz b.gz` makes it.
          const half = Math.floor(bytes.length / 2);
          const members = [gzipSync(bytes.subarray(0, half)), gzipSync(bytes.subarray(half))];
          const all = [bytes, gzipSync(bytes), Buffer.concat(members)][zipped] ?? bytes;
          expect(await textOf(file('any', all))).toBe(content);
        },
      ),
      { numRuns: 120 },
    );
  });

  test('blocks end where lines end, however long the file', async () => {
    const lines = Array.from({ length: 50_000 }, (_, n) => `${n},ü,${'x'.repeat(n % 37)}\n`);
    for (const encode of Object.values(ENCODINGS)) {
      const path = file('long', gzipSync(encode(lines.join(''))));
      let whole = 0;
      for await (const block of readText(path, 'test')) {
        expect(block.at(-1)).toBe(0x0a);
        whole += block.length;
      }
      expect(whole).toBe(Buffer.byteLength(lines.join('')));
    }
  });

  test('an empty file is an empty text', async () => {
    expect(await textOf(file('empty', ''))).toBe('');
    expect(await textOf(file('empty.gz', gzipSync('')))).toBe('');
  });

  test.each([
    ['a ZIP archive', Buffer.from('504b030414000000', 'hex'), /is a ZIP archive; unpack it/],
    ['zstd', Buffer.from('28b52ffd24000000', 'hex'), /compressed with zstd; unpack/],
    ['bzip2', Buffer.from('425a683931415926', 'hex'), /compressed with bzip2; unpack/],
    ['Parquet', Buffer.from('PAR1....'), /is a Parquet file; export it as CSV/],
    ['gzip in gzip', gzipSync(gzipSync('a,b\n')), /compressed twice; unpack it once/],
    ['UTF-16 without a mark', Buffer.from('a,b\nc,d\n', 'utf16le'), /zero bytes, it is no text; save it as/],
    ['Latin-1', Buffer.from('a,ü\n', 'latin1'), /is not UTF-8; save it as UTF-8/],
    ['half a character of UTF-16', Buffer.from('fffe61006200', 'hex').subarray(0, 5), /damaged UTF-16/],
    ['a cut gzip file', gzipSync('a,b\n'.repeat(9_999)).subarray(0, 60), /damaged, fetch it again/],
    ['a line without end', 'x'.repeat(3 << 20), /a line is longer than 1 MiB/],
    ['a line without end in gzip', gzipSync('x'.repeat(200 << 20)), /a line is longer than 1 MiB/],
  ])('%s is refused in a sentence with the path', async (_, content, message) => {
    const path = file('bad', content);
    await expect(textOf(path)).rejects.toThrow(message);
    await expect(textOf(path)).rejects.toThrow(`test: ${path}: `);
  });

  test('what is not there, a folder and a dangling link say so', async () => {
    mkdirSync(join(folder, 'sub'));
    symlinkSync('nowhere', join(folder, 'link'));
    await expect(textOf(join(folder, 'absent'))).rejects.toThrow(/^test: there is no file at \S+absent/);
    await expect(textOf(join(folder, 'link'))).rejects.toThrow(/^test: there is no file at \S+link/);
    await expect(textOf(join(folder, 'sub'))).rejects.toThrow(/^test: \S+sub is a folder/);
  });
});
