import { open } from 'node:fs/promises';
import { gunzipMembers, type Hole, looksZipped } from './gzip-members.ts';
import { lakeBlocks } from './lake/lake-blocks.ts';
import { LAKE_ENDING } from './lake/lake-manifest.ts';

const READ_BYTES = 65_536;
const NEWLINE = 0x0a;
/**
 * Most bytes of one line. The longest that a recorder writes is a session with its warm-up bars, some
 * megabytes for several assets.
 */
export const MOST_LINE_BYTES = 1 << 25;

/**
 * Whole lines of a plain or gzip file, or of a recording in a lake, in blocks that end where a line ends. Compression is recognised by the
 * file's content (RFC 1952 §2.3.1), not by its name. Of a damaged gzip file the sound members are read, and
 * `onHole` is called where bytes were left out; a line that a hole cuts is dropped. Throws the file system's
 * errors, and one sentence for a line longer than `MOST_LINE_BYTES`.
 */
export async function* readBlocks(
  path: string,
  onHole: (why: string, hole: Hole) => void,
): AsyncGenerator<Buffer> {
  if (path.endsWith(LAKE_ENDING)) {
    yield* lakeBlocks(path);
    return;
  }
  let rest: Buffer[] = [];
  let restBytes = 0;
  let before = 0;
  const chunks = readChunks(path, (hole) => {
    rest = [];
    restBytes = 0;
    onHole(hole.why, hole);
  });
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const whole = chunk.subarray(0, end);
      const block = rest.length === 0 ? whole : Buffer.concat([...rest, whole]);
      rest = [];
      restBytes = 0;
      before += block.length;
      yield block;
    }
    if (end === chunk.length) continue;
    rest.push(chunk.subarray(end));
    restBytes += chunk.length - end;
    if (restBytes > MOST_LINE_BYTES)
      throw new Error(
        `${path}: the line that begins at byte ${before} of its text is longer than ${MOST_LINE_BYTES} bytes; a file of one frame or one bar a line is needed`,
      );
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

async function* readChunks(path: string, onHole: (hole: Hole) => void): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    let at = 0;
    for (;;) {
      const bytes = Buffer.allocUnsafe(READ_BYTES);
      const { bytesRead } = await file.read(bytes, 0, READ_BYTES, at);
      if (bytesRead === 0) return;
      const chunk = bytes.subarray(0, bytesRead);
      if (at === 0 && looksZipped(chunk, path)) {
        yield* gunzipMembers(file, path, onHole);
        return;
      }
      at += bytesRead;
      yield chunk;
    }
  } finally {
    await file.close();
  }
}
