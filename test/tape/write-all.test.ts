import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { writeAll, writeAllSync } from '../../src/tape/write-all.ts';

/** A file in memory whose writes take as many bytes as `counts` say; after them, all. Throws at `failsAt`. */
function shortFile(counts: readonly number[], failsAt: number) {
  const content: number[] = [];
  let call = 0;
  const write = (bytes: Uint8Array, offset: number, length: number): number => {
    if (call === failsAt) throw new Error('ENOSPC');
    const count = Math.min(length, counts[call++] ?? length);
    content.push(...bytes.subarray(offset, offset + count));
    return count;
  };
  return { content, write };
}

describe('writeAll', () => {
  test('property: whatever counts the writes return, all bytes are written in order, or it throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.nat(60), { maxLength: 20 }),
        fc.option(fc.nat(10), { nil: -1 }),
        async (bytes, counts, failsAt) => {
          const [one, other] = [shortFile(counts, failsAt), shortFile(counts, failsAt)];
          const settled = await writeAll(
            {
              write: (async (data: Uint8Array, offset: number, length: number) => ({
                bytesWritten: one.write(data, offset, length),
                buffer: data,
              })) as never,
            },
            bytes,
          ).then(
            () => 'whole',
            () => 'thrown',
          );
          let sync = 'whole';
          try {
            writeAllSync(3, bytes, ((_: number, data: Uint8Array, offset: number, length: number) =>
              other.write(data, offset, length)) as never);
          } catch {
            sync = 'thrown';
          }
          expect(sync).toBe(settled);
          expect(other.content).toEqual(one.content);
          expect([...bytes].slice(0, one.content.length)).toEqual(one.content);
          expect(settled).toBe(one.content.length === bytes.length ? 'whole' : 'thrown');
        },
      ),
      { numRuns: 500 },
    );
  });
});
