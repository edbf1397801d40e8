import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Frame } from '../domain/frame.ts';
import { HOUR, type Micros, SECOND } from '../domain/time.ts';
import type { Venue } from '../domain/venues.ts';
import { segmentLine, tapeLine } from './line.ts';

/** How a recording is divided into files and blocks. */
export interface RecorderOptions {
  /** Folder of the tapes, made if absent. Nothing in it is overwritten. */
  readonly folder: string;
  /** Name of the recording; its parts are `NAME-0001.tape.gz` and so on. */
  readonly session: string;
  /** A part is closed when it has this many bytes on the disk … */
  readonly rotateBytes?: number;
  /** … or when a whole multiple of this has passed, in the frames' time. */
  readonly rotateMicros?: Micros;
  /** Text is compressed and written in blocks of about this many characters. A crash loses the open block. */
  readonly blockChars?: number;
  /** An open block is written after this time, even if it is small. */
  readonly blockMs?: number;
  /** How many characters may wait for the disk. Frames beyond that are lost and counted. */
  readonly mostWaitingChars?: number;
}

/** Totals of a recording so far. */
export interface RecorderStats {
  readonly frames: number;
  readonly files: number;
  /** Compressed bytes on the disk. */
  readonly bytes: number;
  /** Frames that did not fit into the queue. The tape has a `shed` line where they are missing. */
  readonly lostFrames: number;
  /** The most characters that have waited for the disk. */
  readonly mostWaitingChars: number;
}

/** A running recording. */
export interface Recorder {
  /**
   * Takes frames in order and returns at once. Throws the error of the disk since the last call: a recording
   * that cannot be written must stop.
   */
  readonly add: (frames: readonly Frame[]) => void;
  readonly stats: () => RecorderStats;
  /** Writes the waiting text, closes the part, and adds it to the index. Throws the disk's error. */
  readonly close: () => Promise<RecorderStats>;
}

/**
 * A line of `INDEX.ndjson` in the folder; each part gets one when it is closed. `sha256` is that of the
 * file's bytes.
 */
export interface TapeIndexLine {
  readonly file: string;
  readonly session: string;
  readonly part: number;
  readonly firstAt: Micros;
  readonly lastAt: Micros;
  readonly frames: number;
  readonly bytes: number;
  readonly sha256: string;
}

interface Part {
  readonly number: number;
  readonly firstAt: Micros;
  lastAt: Micros;
  frames: number;
  /** Bytes on the disk so far. */
  bytes: number;
}

interface OpenFile {
  readonly name: string;
  readonly handle: FileHandle;
  readonly hash: ReturnType<typeof createHash>;
}

const compress = promisify(gzip);
const LEVEL = 4;
/**
 * A tick only carries time. It is kept if no other frame has moved time for this long, or if it is the last
 * frame.
 */
const TICK_SPAN = SECOND;

/**
 * Writes frames as gzip tapes that `readTape` reads. Compression runs on zlib's threads and writes in order
 * behind a bounded queue, so `add` never waits. Each block is a gzip member of its own (RFC 1952 §2.2), so a
 * file cut by a crash reads back to its last whole block. A part is flushed to the disk (fsync) when it is
 * closed, then named in `INDEX.ndjson`.
 */
export function openRecorder({
  folder,
  session,
  rotateBytes = 256 * 1024 * 1024,
  rotateMicros = HOUR,
  blockChars = 1 << 18,
  blockMs = 1_000,
  mostWaitingChars = 1 << 26,
}: RecorderOptions): Recorder {
  let lines: string[] = [];
  let chars = 0;
  let part: Part | undefined;
  let file: OpenFile | undefined;
  let lastAt: Micros = 0;
  let lastTick: Frame | undefined;
  let waiting = 0;
  let failure: { readonly cause: unknown } | undefined;
  let work: Promise<void> = Promise.resolve();
  const missing = new Map<Venue, number>();
  const stats = { frames: 0, files: 0, bytes: 0, lostFrames: 0, mostWaitingChars: 0 };

  const later = (task: () => Promise<void>): void => {
    work = work.then(async () => {
      if (failure) return;
      try {
        await task();
      } catch (cause) {
        failure = { cause };
      }
    });
  };
  const check = (): void => {
    if (failure) throw failure.cause;
  };

  const writeBlock = async (text: string, to: Part): Promise<void> => {
    const packed = await compress(text, { level: LEVEL });
    if (!file) {
      await mkdir(folder, { recursive: true });
      const name = `${session}-${String(to.number).padStart(4, '0')}.tape.gz`;
      file = { name, handle: await open(join(folder, name), 'wx'), hash: createHash('sha256') };
      stats.files++;
    }
    await file.handle.write(packed);
    file.hash.update(packed);
    to.bytes += packed.length;
    stats.bytes += packed.length;
  };
  const flush = (): void => {
    if (lines.length === 0 || !part) return;
    const text = lines.join('');
    const to = part;
    lines = [];
    chars = 0;
    later(async () => {
      await writeBlock(text, to);
      waiting -= text.length;
    });
  };
  const closePart = (): void => {
    flush();
    const closing = part;
    part = undefined;
    if (!closing) return;
    later(async () => {
      if (!file) return;
      const { name, handle, hash } = file;
      const { number, firstAt, lastAt: until, frames, bytes } = closing;
      file = undefined;
      await handle.sync();
      await handle.close();
      const line: TapeIndexLine = {
        file: name,
        session,
        part: number,
        firstAt,
        lastAt: until,
        frames,
        bytes,
        sha256: hash.digest('hex'),
      };
      const index = await open(join(folder, 'INDEX.ndjson'), 'a');
      try {
        await index.write(`${JSON.stringify(line)}\n`);
        await index.sync();
      } finally {
        await index.close();
      }
    });
  };

  let parts = 0;
  const put = (frame: Frame): void => {
    const line = tapeLine(frame);
    if (
      part &&
      (Math.floor(frame.at / rotateMicros) !== Math.floor(part.firstAt / rotateMicros) ||
        part.bytes > rotateBytes)
    )
      closePart();
    if (!part) {
      part = { number: ++parts, firstAt: frame.at, lastAt: frame.at, frames: 0, bytes: 0 };
      const mark = segmentLine(frame.at, session, parts);
      lines.push(mark);
      chars += mark.length;
      waiting += mark.length;
    }
    lines.push(line);
    chars += line.length;
    waiting += line.length;
    part.frames++;
    part.lastAt = frame.at;
    stats.frames++;
    lastAt = frame.at;
    if (chars >= blockChars) flush();
  };
  const writeMissing = (at: Micros): void => {
    for (const [venue, count] of missing)
      put({
        kind: 'connection',
        at,
        venue,
        change: 'shed',
        detail: `the recorder lost ${count} frames: the disk was too slow`,
      });
    missing.clear();
  };

  const flushing = setInterval(flush, blockMs);
  flushing.unref();

  return {
    add: (frames) => {
      check();
      for (const frame of frames) {
        lastTick = frame.kind === 'tick' ? frame : undefined;
        if (frame.kind === 'tick' && frame.at - lastAt < TICK_SPAN) continue;
        if (waiting > mostWaitingChars && frame.kind === 'wire') {
          missing.set(frame.venue, (missing.get(frame.venue) ?? 0) + 1);
          stats.lostFrames++;
          continue;
        }
        if (missing.size > 0) writeMissing(frame.at);
        put(frame);
      }
      stats.mostWaitingChars = Math.max(stats.mostWaitingChars, waiting);
    },
    stats: () => ({ ...stats }),
    close: async () => {
      clearInterval(flushing);
      // Timers ran up to the end of the session, so its time must be on the tape.
      if (lastTick && lastTick.at > lastAt) put(lastTick);
      lastTick = undefined;
      closePart();
      await work;
      check();
      return { ...stats };
    },
  };
}
