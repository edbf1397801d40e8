import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { WireFrame } from '../domain/frame.ts';

const NANOS_DIGITS = 19;
const LINES_A_CHUNK = 1000;

/**
 * Writes a gzip tape that `readTape` reads back frame by frame; the file has its name only once it is complete. A newline inside a frame becomes a space:
 * in JSON it can only be white space between tokens. Throws RangeError for a time before 2001-09-09, which has fewer than 19 digits of ns.
 */
export async function writeTape(
  path: string,
  frames: Iterable<WireFrame> | AsyncIterable<WireFrame>,
): Promise<void> {
  const part = `${path}.part`;
  const file = createWriteStream(part);
  const closed = new Promise<void>((resolve) => file.once('close', resolve));
  try {
    await pipeline(Readable.from(chunks(frames)), createGzip(), file);
    await rename(part, path);
  } catch (cause) {
    // The file may still be opening: what is removed before it is there would come back.
    await closed;
    await rm(part, { force: true });
    throw cause;
  }
}

async function* chunks(frames: Iterable<WireFrame> | AsyncIterable<WireFrame>): AsyncGenerator<string> {
  let lines: string[] = [];
  for await (const frame of frames) {
    lines.push(tapeLine(frame));
    if (lines.length < LINES_A_CHUNK) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}

const tapeLine = ({ at, venue, text }: WireFrame): string => {
  const nanos = `${at}000`;
  if (!Number.isSafeInteger(at) || nanos.length !== NANOS_DIGITS)
    throw new RangeError(`tape: a frame's time must be microseconds since the epoch, was ${at}`);
  return `${nanos}\t${venue}\t${text.replace(/\r?\n/g, ' ')}\n`;
};
