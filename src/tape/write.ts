import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Frame } from '../domain/frame.ts';
import { tapeLine } from './line.ts';

const LINES_A_CHUNK = 1000;

/**
 * Writes a gzip tape that `readTape` reads back frame by frame; the file gets its name only when it is
 * complete. Throws the errors of `tapeLine`.
 */
export async function writeTape(path: string, frames: Iterable<Frame> | AsyncIterable<Frame>): Promise<void> {
  const part = `${path}.part`;
  const file = createWriteStream(part);
  const closed = new Promise<void>((resolve) => file.once('close', resolve));
  try {
    await pipeline(Readable.from(chunks(frames)), createGzip(), file);
    await rename(part, path);
  } catch (cause) {
    // The file may still be opening. If it were removed before it exists, it would appear afterwards.
    await closed;
    await rm(part, { force: true });
    throw cause;
  }
}

async function* chunks(frames: Iterable<Frame> | AsyncIterable<Frame>): AsyncGenerator<string> {
  let lines: string[] = [];
  for await (const frame of frames) {
    lines.push(tapeLine(frame));
    if (lines.length < LINES_A_CHUNK) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}
