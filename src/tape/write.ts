import { createWriteStream } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Frame } from '../domain/frame.ts';
import { segmentLine, type TapeSegment, tapeLine } from './line.ts';

const LINES_A_CHUNK = 1000;

/** How a tape is written, where the defaults are not wanted. */
export interface WriteTapeOptions {
  /** Which part of which recording the tape is; its first line says so. */
  readonly segment?: TapeSegment;
  /** Refuses to replace a file of that name, even one that came while the tape was written. */
  readonly fresh?: boolean;
}

/**
 * Writes a gzip tape that `readTape` reads back frame by frame; the file gets its name only when it is
 * complete. Throws the errors of `tapeLine`, and EEXIST where a `fresh` file is there already.
 */
export async function writeTape(
  path: string,
  frames: Iterable<Frame> | AsyncIterable<Frame>,
  { segment, fresh = false }: WriteTapeOptions = {},
): Promise<void> {
  const part = `${path}.part`;
  const file = createWriteStream(part);
  const closed = new Promise<void>((resolve) => file.once('close', resolve));
  try {
    await pipeline(Readable.from(chunks(frames, segment)), createGzip(), file);
    if (fresh) {
      await link(part, path);
      await rm(part);
    } else await rename(part, path);
  } catch (cause) {
    // The file may still be opening. If it were removed before it exists, it would appear afterwards.
    await closed;
    await rm(part, { force: true });
    throw cause;
  }
}

async function* chunks(
  frames: Iterable<Frame> | AsyncIterable<Frame>,
  segment: TapeSegment | undefined,
): AsyncGenerator<string> {
  let lines: string[] = [];
  let begun = segment === undefined;
  for await (const frame of frames) {
    if (!begun && segment) lines.push(segmentLine(frame.at, segment.session, segment.part));
    begun = true;
    lines.push(tapeLine(frame));
    if (lines.length < LINES_A_CHUNK) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}
