import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanPoint } from '../clean-point.ts';
import type { Point } from '../point.ts';
import { ring } from '../ring.ts';
import { type After, wallAfter } from '../timers.ts';
import { troubles } from '../troubles.ts';
import { type Convert, convertInThread } from './convert.ts';
import { retain } from './retain.ts';
import { LINES, PARQUET, PART, segmentName, stemOf } from './segment-names.ts';
import type { StoreSettings } from './settings.ts';
import { storedLine } from './stored-line.ts';

/** Counts since the store was opened. Every point is written, dropped, empty or queued. */
export interface StoreStats {
  readonly written: number;
  /** Points shed because the queue was full, left over at the end, or given after it. */
  readonly dropped: number;
  /** Points without any valid field. */
  readonly empty: number;
  readonly queued: number;
  /** Failed attempts to write that were repeated. */
  readonly retries: number;
  /** Bytes of this lane's store, as of the last rotation. */
  readonly bytes: number;
  /** The last error. */
  readonly trouble: string | undefined;
}

/** A destination of points on this machine's disk. */
export interface Store {
  /** Takes points and returns at once; never throws, never waits. */
  readonly write: (points: readonly Point[]) => void;
  readonly stats: () => StoreStats;
  /** Writes the rest and makes Parquet of it; later points are dropped. */
  readonly close: () => Promise<void>;
}

/** What a store is made of besides its settings. */
export interface StoreParts {
  /** The lane's own folder, which nobody else writes; `unlock` gives it back at the end. */
  readonly folder: string;
  readonly unlock: () => void;
  readonly after?: After;
  readonly nowMillis?: () => number;
  readonly convert?: Convert;
  readonly openFile?: (path: string) => Promise<Pick<FileHandle, 'appendFile' | 'truncate' | 'datasync' | 'close'>>;
}

/** So many points are made into lines at a time; the event loop is free in between. */
const SLICE = 200;
/** A power failure loses no more than this; a sync for every second would hold up the account's journal. */
const SYNC_MILLIS = 10_000;
const MOST_WAIT_MILLIS = 30_000;
const MINUTE_MILLIS = 60_000;

interface Current {
  readonly stem: string;
  readonly beganMillis: number;
  readonly handle: Pick<FileHandle, 'appendFile' | 'truncate' | 'datasync' | 'close'>;
  length: number;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly points: number;
}

const noted = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/**
 * Opens a lane's store, adds `tags` to every point, and takes over what a killed process left there. Points
 * are appended as lines to a file, within `flushMillis`, in small slices and without waiting for the disk; a
 * full or old file becomes Parquet in a thread. A failed write is repeated after a doubling wait while points
 * wait in a bounded queue; the trouble is told when it comes, and then at the tenth, the hundredth time.
 */
export function openStore(
  settings: StoreSettings,
  tags: Readonly<Record<string, string>>,
  onTrouble: (why: string) => void,
  {
    folder,
    unlock,
    after = wallAfter,
    nowMillis = Date.now,
    convert = convertInThread,
    openFile = (path) => open(path, 'ax'),
  }: StoreParts,
): Store {
  const queue = ring<Point>(settings.queuePoints);
  const told = troubles((why) => onTrouble(`store in ${folder}: ${why}`));
  const converting = new Set<string>();
  let conversions: Promise<void> = Promise.resolve();
  let current: Current | undefined;
  let waiting: Waiting | undefined;
  let pumping: Promise<void> | undefined;
  let cancelTimer: (() => void) | undefined;
  let number = 0;
  let syncedMillis = 0;
  let written = 0;
  let dropped = 0;
  let empty = 0;
  let retries = 0;
  let failures = 0;
  let bytes = 0;
  let trouble: string | undefined;
  let state: 'open' | 'closing' | 'closed' = 'open';

  const unwell = (why: string): void => {
    trouble = why;
    told.add(why);
  };

  const tidy = (): void => {
    try {
      const busy = new Set(converting);
      if (current) busy.add(current.stem);
      bytes = retain(folder, settings, nowMillis(), busy).bytes;
    } catch (cause) {
      unwell(`old points cannot be deleted: ${noted(cause)}`);
    }
  };

  const makeParquet = (stem: string): void => {
    converting.add(stem);
    conversions = conversions.then(async () => {
      try {
        const { torn } = await convert(folder, stem);
        if (torn > 0)
          unwell(
            `${stem} had ${torn} damaged line${torn === 1 ? '' : 's'}, as a killed process leaves; kept in ${stem}.torn`,
          );
      } catch (cause) {
        // The lines stay, and are read as well as Parquet; the next run tries again.
        unwell(`no Parquet could be made of ${stem}: ${noted(cause)}`);
      }
      converting.delete(stem);
      tidy();
    });
  };

  /** What is left of a process that was killed: lines are whole but the last, and Parquet is or is not. */
  const takeOver = (): void => {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).sort()) {
      const segment = segmentName(name);
      if (segment?.ending === `${PARQUET}.part`) rmSync(join(folder, name), { recursive: true, force: true });
      else if (segment?.ending === PART)
        renameSync(join(folder, name), join(folder, `${segment.stem}${LINES}`));
    }
    for (const name of readdirSync(folder).sort()) {
      const segment = segmentName(name);
      if (segment?.ending === LINES) makeParquet(segment.stem);
    }
    tidy();
  };

  const begin = async (): Promise<Current> => {
    const beganMillis = nowMillis();
    let stem = stemOf(beganMillis, number++);
    while ([PART, LINES, PARQUET].some((ending) => existsSync(join(folder, `${stem}${ending}`))))
      stem = stemOf(beganMillis, number++);
    return { stem, beganMillis, handle: await openFile(join(folder, `${stem}${PART}`)), length: 0 };
  };

  const rotate = async (): Promise<void> => {
    if (!current) return;
    const { stem, handle } = current;
    current = undefined;
    await handle.close();
    renameSync(join(folder, `${stem}${PART}`), join(folder, `${stem}${LINES}`));
    makeParquet(stem);
  };

  const slice = (): Waiting | undefined => {
    const points = queue.take(SLICE);
    if (points.length === 0) return undefined;
    return { bytes: Buffer.from(`${points.map(storedLine).join('\n')}\n`), points: points.length };
  };

  const append = async (): Promise<void> => {
    current ??= await begin();
    const at = current;
    const batch = waiting as Waiting;
    try {
      await at.handle.appendFile(batch.bytes);
    } catch (cause) {
      // Whole lines stay, and no part of those that did not fit. If that fails too, a torn line is noticed later.
      await at.handle.truncate(at.length).catch(() => {});
      throw cause;
    }
    at.length += batch.bytes.length;
    written += batch.points;
    waiting = undefined;
    failures = 0;
    if (
      at.length >= settings.rotateBytes ||
      nowMillis() - at.beganMillis >= settings.rotateMinutes * MINUTE_MILLIS
    )
      await rotate();
  };

  const drain = async (): Promise<void> => {
    try {
      for (waiting ??= slice(); waiting; waiting ??= slice()) await append();
      if (current && nowMillis() - syncedMillis >= SYNC_MILLIS) {
        syncedMillis = nowMillis();
        await current.handle.datasync();
      }
    } catch (cause) {
      failures++;
      if (state === 'open') retries++;
      unwell(noted(cause));
    }
  };

  const schedule = (): void => {
    if (cancelTimer || pumping || state !== 'open' || (queue.size() === 0 && !waiting)) return;
    const wait = Math.min(settings.flushMillis * 2 ** Math.min(failures, 20), Math.max(MOST_WAIT_MILLIS, settings.flushMillis));
    cancelTimer = after(wait, () => {
      cancelTimer = undefined;
      pumping = drain().finally(() => {
        pumping = undefined;
        schedule();
      });
    });
  };

  takeOver();
  return {
    write: (points) => {
      if (state !== 'open') {
        dropped += points.length;
        return;
      }
      for (const given of points) {
        const point = cleanPoint({ ...given, tags: { ...given.tags, ...tags } });
        if (!point) empty++;
        else if (queue.push(point)) dropped++;
      }
      schedule();
    },
    stats: () => ({
      written,
      dropped,
      empty,
      queued: queue.size() + (waiting?.points ?? 0),
      retries,
      bytes,
      trouble,
    }),
    close: async () => {
      if (state !== 'open') return;
      state = 'closing';
      cancelTimer?.();
      await pumping;
      await drain();
      dropped += queue.take(queue.size()).length + (waiting?.points ?? 0);
      waiting = undefined;
      try {
        await rotate();
      } catch (cause) {
        unwell(noted(cause));
      }
      await conversions;
      state = 'closed';
      told.end();
      unlock();
    },
  };
}
