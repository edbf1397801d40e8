import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Frame, WireFrame } from '../domain/frame.ts';
import { HOUR, type Micros, SECOND } from '../domain/time.ts';
import type { Venue } from '../domain/venues.ts';
import { MOST_LINE_BYTES } from './blocks.ts';
import { segmentLine, tapeLine } from './line.ts';
import { lockFolder } from './lock-folder.ts';
import { writeAll } from './write-all.ts';

/** What a recorder needs of an open file. */
export type TapeHandle = Pick<FileHandle, 'write' | 'truncate' | 'sync' | 'close'>;

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
  /** Called when frames of a venue were lost and the tape goes on: what was built on them must be asked for. */
  readonly onLost?: (venue: Venue) => void;
  /** How a file is opened: the file system's own way, unless it is given. */
  readonly openFile?: (path: string, flags: 'wx' | 'a') => Promise<TapeHandle>;
}

/** Totals of a recording so far. */
export interface RecorderStats {
  readonly frames: number;
  readonly files: number;
  /** Compressed bytes on the disk. */
  readonly bytes: number;
  /** Frames that did not fit into the queue. The tape has `shed` lines where their loss begins and ends. */
  readonly lostFrames: number;
  /** The most characters that have waited for the disk. */
  readonly mostWaitingChars: number;
}

/** A running recording. */
export interface Recorder {
  /**
   * Takes frames in order and returns at once those that the lane may use, so that the tape replays as the lane
   * ran: without the frames that are lost to the tape, and with the `shed` frames in their place. Throws the
   * error of the disk since the last call: a recording that cannot be written must stop.
   */
  readonly add: (frames: readonly Frame[]) => readonly Frame[];
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

/** A part, and what of it is on the disk: its index line is made of that. */
interface Part {
  readonly number: number;
  readonly firstAt: Micros;
  lastAt: Micros;
  frames: number;
  bytes: number;
}

interface OpenFile {
  readonly name: string;
  readonly handle: TapeHandle;
  readonly hash: ReturnType<typeof createHash>;
  readonly part: Part;
  /** True if bytes stand in the file that are of no whole block. */
  torn: boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
const compress = promisify(gzip);
const LEVEL = 4;
const LOCK = 'recorder.lock';
/**
 * A tick only carries time. It is kept if no other frame has moved time for this long, or if it is the last
 * frame.
 */
const TICK_SPAN = SECOND;
/** More than the time and the venue before a frame take in its line. */
const STAMP_CHARS = 64;

/**
 * Writes frames as gzip tapes that `readTape` reads. Compression runs on zlib's threads and writes in order
 * behind a bounded queue, so `add` never waits. Each block is a gzip member of its own (RFC 1952 §2.2), so a
 * file cut by a crash reads back to its last whole block. A part is flushed to the disk (fsync) when it is
 * closed, then named in `INDEX.ndjson`, which tells what is on the disk and no more. Throws one sentence if
 * another recorder has the folder.
 */
export function openRecorder({
  folder,
  session,
  rotateBytes = 256 * 1024 * 1024,
  rotateMicros = HOUR,
  blockChars = 1 << 18,
  blockMs = 1_000,
  mostWaitingChars = 1 << 26,
  onLost = () => {},
  openFile = open,
}: RecorderOptions): Recorder {
  const unlock = lockFolder(folder, LOCK);
  let lines: string[] = [];
  let chars = 0;
  /** Frames of the open block. */
  let held = 0;
  let part: Part | undefined;
  let file: OpenFile | undefined;
  let lastAt: Micros = 0;
  let lastTick: Frame | undefined;
  let waiting = 0;
  let onDisk = 0;
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
        const why = cause instanceof Error ? cause.message : String(cause);
        failure = {
          cause: new Error(
            `recorder: ${folder}: ${why}; the tape holds ${onDisk} of ${stats.frames} frames, up to its last whole block`,
            { cause },
          ),
        };
      }
    });
  };
  const check = (): void => {
    if (failure) throw failure.cause;
  };

  const writeBlock = async (text: string, frames: number, until: Micros, to: Part): Promise<void> => {
    const packed = await compress(text, { level: LEVEL });
    if (!file) {
      const name = `${session}-${String(to.number).padStart(4, '0')}.tape.gz`;
      const handle = await openFile(join(folder, name), 'wx');
      file = { name, handle, hash: createHash('sha256'), part: to, torn: false };
      stats.files++;
    }
    try {
      await writeAll(file.handle, packed);
    } catch (cause) {
      file.torn = true;
      // Where even that fails, the file is torn, and the index does not name it.
      if (await file.handle.truncate(to.bytes).then(always, never)) file.torn = false;
      throw cause;
    }
    file.hash.update(packed);
    to.bytes += packed.length;
    to.frames += frames;
    to.lastAt = until;
    onDisk += frames;
    stats.bytes += packed.length;
  };
  const flush = (): void => {
    if (lines.length === 0 || !part) return;
    const text = lines.join('');
    const [frames, until, to] = [held, lastAt, part];
    lines = [];
    chars = 0;
    held = 0;
    later(async () => {
      await writeBlock(text, frames, until, to);
      waiting -= text.length;
    });
  };
  /** Closes the open file, and adds it to the index if it is whole blocks only. */
  const closeFile = async (): Promise<void> => {
    if (!file) return;
    const { name, handle, hash, torn, part: closing } = file;
    const { number, firstAt, lastAt: until, frames, bytes } = closing;
    file = undefined;
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (torn) return;
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
    const path = join(folder, 'INDEX.ndjson');
    const index = await openFile(path, 'a');
    const { size } = await stat(path);
    try {
      await writeAll(index, Buffer.from(`${JSON.stringify(line)}\n`));
      await index.sync();
    } catch (cause) {
      // Half a line would spoil the next one.
      await index.truncate(size);
      throw cause;
    } finally {
      await index.close();
    }
  };
  const closePart = (): void => {
    flush();
    if (part) later(closeFile);
    part = undefined;
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
    held++;
    stats.frames++;
    lastAt = frame.at;
    if (chars >= blockChars) flush();
  };
  const shed = (venue: Venue, at: Micros, detail: string): Frame => {
    const frame: Frame = { kind: 'connection', at, venue, change: 'shed', detail };
    put(frame);
    return frame;
  };
  /** The frames that end the losses, one a venue. */
  const endLosses = (at: Micros): readonly Frame[] => {
    const ends = [...missing].map(([venue, count]) =>
      shed(venue, at, `the recorder lost ${count} frames: the disk was too slow`),
    );
    for (const venue of missing.keys()) onLost(venue);
    missing.clear();
    return ends;
  };
  /** Counts a frame that the tape cannot take; returns the frame that begins its venue's loss, if it does. */
  const lose = ({ venue, at }: WireFrame): readonly Frame[] => {
    const before = missing.get(venue);
    missing.set(venue, (before ?? 0) + 1);
    stats.lostFrames++;
    return before === undefined
      ? [shed(venue, at, 'the recorder loses frames from here on: the disk is too slow')]
      : [];
  };

  const flushing = setInterval(flush, blockMs);
  flushing.unref();

  return {
    add: (frames) => {
      check();
      // The same list is given back as long as nothing is lost: a copy of each batch would cost for nothing.
      let used: Frame[] | undefined;
      for (const [i, frame] of frames.entries()) {
        lastTick = frame.kind === 'tick' ? frame : undefined;
        const full = waiting > mostWaitingChars;
        if (missing.size > 0 && !full) {
          used ??= frames.slice(0, i);
          used.push(...endLosses(frame.at));
        }
        if (frame.kind === 'wire' && (full || frame.text.length > MOST_LINE_BYTES - STAMP_CHARS)) {
          used ??= frames.slice(0, i);
          used.push(...lose(frame));
          continue;
        }
        used?.push(frame);
        if (frame.kind !== 'tick' || frame.at - lastAt >= TICK_SPAN) put(frame);
      }
      stats.mostWaitingChars = Math.max(stats.mostWaitingChars, waiting);
      return used ?? frames;
    },
    stats: () => ({ ...stats }),
    close: async () => {
      clearInterval(flushing);
      if (parts === 0) unlock();
      if (missing.size > 0) endLosses(lastAt);
      // Timers ran up to the end of the session, so its time must be on the tape.
      if (lastTick && lastTick.at > lastAt) put(lastTick);
      lastTick = undefined;
      closePart();
      await work;
      try {
        // After a failure the part still has its whole blocks, and its line in the index if there is room.
        if (failure) await closeFile().catch(() => {});
        check();
      } finally {
        unlock();
      }
      return { ...stats };
    },
  };
}
