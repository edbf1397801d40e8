import { readdirSync, readFileSync, statSync } from 'node:fs';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { batchBytes, countLines, readSegment } from './segment.ts';

/** Batches that wait on disk, oldest first. Every call waits for those before it; none rejects. */
export interface Spill {
  /** Keeps a batch; false if the disk refuses it, and then nothing of it stays. */
  readonly append: (lines: readonly string[]) => Promise<boolean>;
  /** The oldest batch; undefined if there is none. */
  readonly head: () => Promise<readonly string[] | undefined>;
  /** Forgets the oldest batch. */
  readonly shift: () => Promise<void>;
  /** Lines that wait. */
  readonly lines: () => number;
  readonly bytes: () => number;
  /** Lines that were given up, because there were too many or they were too old. */
  readonly lost: () => number;
  readonly close: () => Promise<void>;
}

/** The parts of a spill. */
export interface SpillOptions {
  /** A folder of its own, which is there. */
  readonly folder: string;
  /** Most bytes on disk. Beyond it the oldest segment is given up. */
  readonly mostBytes: number;
  /** A segment that was begun so long ago is given up. */
  readonly mostMillis: number;
  /** Bytes after which a new segment begins; a sixteenth of the most unless given. */
  readonly segmentBytes?: number;
  /** Wall time in milliseconds since 1970. */
  readonly nowMillis: () => number;
  readonly onTrouble: (why: string) => void;
}

interface Part {
  readonly path: string;
  readonly beganMillis: number;
  bytes: number;
  lines: number;
}

const NAME = /^(\d{14})-(\d{6})\.lp$/;
const LARGEST_SEGMENT = 4 << 20;
const SHARES = 16;

const words = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/**
 * A queue of batches in the files of a folder, which the next process with the same folder finds again. A
 * batch is there once `append` has resolved, whatever then becomes of this process; after a power failure the
 * last ones may be torn, which is told. A batch that was sent and whose segment is not yet removed is sent
 * again after a crash; a point written twice is one point.
 */
export function openSpill({
  folder,
  mostBytes,
  mostMillis,
  segmentBytes = Math.max(1, Math.min(LARGEST_SEGMENT, Math.floor(mostBytes / SHARES))),
  nowMillis,
  onTrouble,
}: SpillOptions): Spill {
  const parts: Part[] = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return {
        path,
        beganMillis: Number(NAME.exec(name)?.[1]),
        bytes: statSync(path).size,
        lines: countLines(readFileSync(path)),
      };
    });
  let made = parts.reduce((most, { path }) => Math.max(most, Number(path.slice(-9, -3))), 0);
  let writing: { readonly part: Part; readonly file: FileHandle } | undefined;
  /** Batches of the first part that are read and not yet sent. */
  let reading: { readonly part: Part; readonly batches: (readonly string[])[] } | undefined;
  let lost = 0;
  let work: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = work.then(run);
    work = result;
    return result;
  };
  const total = (): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);

  const endWriting = async (): Promise<void> => {
    const ended = writing;
    writing = undefined;
    await ended?.file.close().catch((cause) => onTrouble(`closing ${ended.part.path}: ${words(cause)}`));
  };

  const removeFirst = async (): Promise<void> => {
    const [part] = parts;
    if (!part) return;
    if (writing?.part === part) await endWriting();
    if (reading?.part === part) reading = undefined;
    parts.shift();
    await rm(part.path, { force: true }).catch((cause) =>
      onTrouble(`removing ${part.path}: ${words(cause)}`),
    );
  };

  const giveUpFirst = async (why: string): Promise<void> => {
    const lines = parts[0]?.lines ?? 0;
    await removeFirst();
    lost += lines;
    if (lines > 0) onTrouble(`${lines} points that waited on disk were given up: ${why}`);
  };

  const keepBounds = async (): Promise<void> => {
    while (parts.length > 1 && total() > mostBytes)
      await giveUpFirst(`more than ${mostBytes} bytes waited (telemetry.spillMegabytes)`);
    while (parts[0] && parts[0].beganMillis + mostMillis < nowMillis())
      await giveUpFirst(`they waited longer than ${mostMillis / 3_600_000} h (telemetry.spillHours)`);
  };

  const segment = async (): Promise<NonNullable<typeof writing>> => {
    if (writing && writing.part.bytes < segmentBytes) return writing;
    await endWriting();
    made += 1;
    const beganMillis = Math.floor(nowMillis());
    const name = `${String(beganMillis).padStart(14, '0')}-${String(made).padStart(6, '0')}.lp`;
    const part: Part = { path: join(folder, name), beganMillis, bytes: 0, lines: 0 };
    writing = { part, file: await open(part.path, 'wx', 0o600) };
    parts.push(part);
    return writing;
  };

  const write = async (lines: readonly string[]): Promise<boolean> => {
    const bytes = batchBytes(lines);
    if (bytes.length > mostBytes) {
      onTrouble(`a batch of ${bytes.length} bytes is larger than all that may wait on disk`);
      return false;
    }
    try {
      const { part, file } = await segment();
      try {
        for (let done = 0; done < bytes.length; )
          done += (await file.write(bytes, done, bytes.length - done, part.bytes + done)).bytesWritten;
      } catch (cause) {
        await file.truncate(part.bytes);
        throw cause;
      }
      part.bytes += bytes.length;
      part.lines += lines.length;
      await keepBounds();
      return true;
    } catch (cause) {
      onTrouble(`${folder} takes no points: ${words(cause)}`);
      return false;
    }
  };

  const read = async (): Promise<readonly string[] | undefined> => {
    await keepBounds();
    for (;;) {
      const next = reading?.batches[0];
      if (next) return next;
      if (reading) await removeFirst();
      const [part] = parts;
      if (!part) return undefined;
      if (writing?.part === part) await endWriting();
      try {
        const { batches, damaged, tornBytes } = readSegment(await readFile(part.path));
        reading = { part, batches: [...batches] };
        const whole = batches.reduce((sum, { length }) => sum + length, 0);
        lost += part.lines - whole;
        part.lines = whole;
        if (tornBytes > 0) onTrouble(`${part.path} ends within a batch: ${tornBytes} bytes were left out`);
        if (damaged > 0) onTrouble(`${part.path} has ${damaged} damaged batches, which were left out`);
      } catch (cause) {
        await giveUpFirst(`${part.path} cannot be read: ${words(cause)}`);
      }
    }
  };

  return {
    append: (lines) => inTurn(() => write(lines)),
    head: () => inTurn(read),
    shift: () =>
      inTurn(async () => {
        const sent = reading?.batches.shift();
        if (!reading || !sent) return;
        reading.part.lines -= sent.length;
        if (reading.batches.length === 0) await removeFirst();
      }),
    lines: () => parts.reduce((sum, { lines }) => sum + lines, 0),
    bytes: total,
    lost: () => lost,
    close: () => inTurn(endWriting),
  };
}
