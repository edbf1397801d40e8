import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

const READ_BYTES = 1 << 18;
const NEWLINE = 0x0a;
/** A decision has four kilobytes. */
const MOST_LINE_BYTES = 1 << 20;

/**
 * The whole lines of a file of a run, without their ends, plain or compressed (`.gz`). What is torn is left
 * out: a last line without its end, as a run that is being written or was killed has it, and what a cut
 * compressed file has lost. A buffer is good until the next one is asked for.
 */
export async function* runLines(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  const chunks = path.endsWith('.gz')
    ? (pipeline(file, createGunzip({ chunkSize: READ_BYTES }), () => {}) as AsyncIterable<Buffer>)
    : (file as AsyncIterable<Buffer>);
  let waiting: Buffer = Buffer.alloc(0);
  let skipping = false;
  try {
    for await (const chunk of chunks) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        const line = chunk.subarray(start, end);
        if (!skipping) yield waiting.length > 0 ? Buffer.concat([waiting, line]) : line;
        waiting = Buffer.alloc(0);
        skipping = false;
        start = end + 1;
      }
      const rest = chunk.subarray(start);
      if (skipping || rest.length + waiting.length > MOST_LINE_BYTES) {
        skipping = true;
        waiting = Buffer.alloc(0);
      } else waiting = waiting.length > 0 ? Buffer.concat([waiting, rest]) : Buffer.from(rest);
    }
  } catch (cause) {
    // A compressed file that was cut has lines before the cut.
    if (!(cause as NodeJS.ErrnoException).code?.startsWith('Z_')) throw cause;
  } finally {
    file.destroy();
  }
}
