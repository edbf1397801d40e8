import { randomBytes } from 'node:crypto';
import type { ConsolePatch, ConsoleState } from '../../src/console/state.ts';

/** Where a console's state comes from: the model of a lane, or a film of one. */
export interface ConsoleSource {
  /** What has changed since it was last asked; undefined if nothing has. */
  readonly take: () => ConsolePatch | undefined;
  /** The whole state, with everything that was taken. */
  readonly snapshot: () => ConsoleState;
}

/** One who reads the events, and how to get rid of him. */
export interface ConsoleReader {
  /** The `Last-Event-ID` that he came with. */
  readonly lastId: string | undefined;
  /** Ends his connection at once. */
  readonly drop: () => void;
}

/** The state of a console as server-sent events, for any number of readers. */
export interface ConsoleFeed {
  /** Events from the reader's last one on. A reader who takes nothing for `stallMs` is dropped. */
  readonly stream: (reader: ConsoleReader) => ReadableStream<Uint8Array>;
  /** The whole state as of now, for who reads it in this process. */
  readonly now: () => ConsoleState;
  /** The whole state as JSON. It may be up to a second old. */
  readonly state: () => Uint8Array;
  /** Forgets what was sent: every reader gets the whole state. For a source that has jumped in time. */
  readonly jumped: () => void;
  readonly readers: () => number;
  /** Readers who were dropped because they did not read. */
  readonly dropped: () => number;
  readonly close: () => void;
}

/** How often and how much. All are bounds, and tests make them small. */
export interface FeedBounds {
  /** Between two updates, in milliseconds of wall time. */
  readonly everyMs: number;
  /** Patches that are kept for readers who come back, and their bytes. */
  readonly patches: number;
  readonly bytes: number;
  readonly stallMs: number;
  /** A snapshot is made no more often than this. */
  readonly snapshotMs: number;
  /** Without news, a beat so often: an event that names the last patch. */
  readonly aliveMs: number;
  /** Updates go on for so long after the last reader has left, so that he can resume. */
  readonly lingerMs: number;
}

const BOUNDS: FeedBounds = {
  everyMs: 100,
  patches: 600,
  bytes: 8 * 2 ** 20,
  stallMs: 10_000,
  snapshotMs: 1_000,
  aliveMs: 2_000,
  lingerMs: 30_000,
};

interface Kept {
  readonly patch: number;
  readonly chunk: Uint8Array;
}
interface Snapshot extends Kept {
  readonly madeMs: number;
  readonly json: Uint8Array;
}
interface Reading extends ConsoleReader {
  /** The last patch that he has; undefined before his first snapshot. */
  has: number | undefined;
  /** Hands him what there is; undefined while he is not waiting, but still busy with what he was given. */
  wake: ((chunks: readonly Uint8Array[]) => void) | undefined;
  /** Since when he is busy, or waits. */
  sinceMs: number;
}

const encoder = new TextEncoder();

/**
 * Makes the feed of one source. It is the only one who asks the source. Patches are made while somebody reads
 * and kept in a ring; who comes back within it gets what he missed, anybody else the whole state. Each reader
 * pulls: he is given more only when he has taken what he was given, so nothing is queued for him. An id is
 * `EPOCH.PATCH`; the epoch is new for each feed and after each jump, so that no old id resumes.
 */
export function consoleFeed(source: ConsoleSource, bounds: Partial<FeedBounds> = {}): ConsoleFeed {
  const { everyMs, patches, bytes, stallMs, snapshotMs, aliveMs, lingerMs } = { ...BOUNDS, ...bounds };
  const readers = new Set<Reading>();
  const newEpoch = (): string => randomBytes(4).toString('hex');
  let epoch = newEpoch();
  let ring: Kept[] = [];
  let ringBytes = 0;
  let snapshot: Snapshot | undefined;
  /** The last patch that was made. */
  let newest: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let watchedMs = Number.NEGATIVE_INFINITY;
  let dropped = 0;

  const event = (kind: 'snapshot' | 'patch', patch: number, json: string): Uint8Array =>
    encoder.encode(`event: ${kind}\nid: ${epoch}.${patch}\ndata: ${json}\n\n`);

  const take = (): void => {
    const patch = source.take();
    if (!patch) return;
    // Nobody comes back for it, so that it is not even written: the next reader begins with the whole.
    if (!timer && readers.size === 0) {
      ring = [];
      ringBytes = 0;
      newest = patch.patch;
      return;
    }
    const chunk = event('patch', patch.patch, JSON.stringify(patch));
    newest = patch.patch;
    ring.push({ patch: newest, chunk });
    ringBytes += chunk.length;
    let over = 0;
    while (over < ring.length && (ring.length - over > patches || ringBytes > bytes))
      ringBytes -= ring[over++]?.chunk.length ?? 0;
    if (over > 0) ring = ring.slice(over);
  };
  /** The patches after `patch`; undefined if one of them is no longer kept. */
  const after = (patch: number): readonly Kept[] | undefined => {
    if (patch === newest) return [];
    const first = ring[0]?.patch;
    return newest !== undefined && first !== undefined && patch >= first - 1 && patch < newest
      ? ring.slice(patch - first + 1)
      : undefined;
  };
  const whole = (): Snapshot => {
    const now = performance.now();
    if (snapshot && now < snapshot.madeMs + snapshotMs && after(snapshot.patch)) return snapshot;
    take();
    const state = source.snapshot();
    const text = JSON.stringify(state);
    newest = state.patch;
    snapshot = {
      patch: state.patch,
      madeMs: now,
      json: encoder.encode(text),
      chunk: event('snapshot', state.patch, text),
    };
    return snapshot;
  };
  /** What a reader lacks, and notes that he has it. */
  const due = (reading: Reading): readonly Uint8Array[] => {
    const missed = reading.has === undefined ? undefined : after(reading.has);
    const made = missed ? undefined : whole();
    const rest = missed ?? after(made?.patch ?? 0) ?? [];
    reading.has = rest.at(-1)?.patch ?? made?.patch ?? reading.has;
    return [...(made ? [made.chunk] : []), ...rest.map(({ chunk }) => chunk)];
  };
  const tick = (): void => {
    const now = performance.now();
    if (readers.size > 0) watchedMs = now;
    else if (now > watchedMs + lingerMs) {
      clearInterval(timer);
      timer = undefined;
      return;
    }
    take();
    for (const reading of [...readers]) {
      if (reading.wake) {
        const chunks = due(reading);
        if (chunks.length > 0) reading.wake(chunks);
        else if (now > reading.sinceMs + aliveMs)
          reading.wake([encoder.encode(`event: beat\ndata: {"patch":${newest ?? 0}}\n\n`)]);
      } else if (now > reading.sinceMs + stallMs) {
        dropped++;
        readers.delete(reading);
        reading.drop();
      }
    }
  };
  const resumed = (lastId: string | undefined): number | undefined => {
    const [of, patch] = lastId?.split('.') ?? [];
    return of === epoch && /^\d{1,15}$/.test(patch ?? '') ? Number(patch) : undefined;
  };

  return {
    stream: (reader) => {
      const reading: Reading = {
        ...reader,
        has: resumed(reader.lastId),
        wake: undefined,
        sinceMs: performance.now(),
      };
      readers.add(reading);
      timer ??= setInterval(tick, everyMs).unref();
      return new ReadableStream<Uint8Array>(
        {
          pull: (to) => {
            const chunks = due(reading);
            reading.sinceMs = performance.now();
            if (chunks.length > 0) {
              for (const chunk of chunks) to.enqueue(chunk);
              return undefined;
            }
            return new Promise<void>((resolve) => {
              reading.wake = (more) => {
                reading.wake = undefined;
                reading.sinceMs = performance.now();
                for (const chunk of more) to.enqueue(chunk);
                resolve();
              };
            });
          },
          cancel: () => {
            readers.delete(reading);
          },
        },
        { highWaterMark: 0 },
      );
    },
    now: () => {
      take();
      return source.snapshot();
    },
    state: () => whole().json,
    jumped: () => {
      epoch = newEpoch();
      ring = [];
      ringBytes = 0;
      newest = undefined;
      snapshot = undefined;
      for (const reading of readers) reading.has = undefined;
    },
    readers: () => readers.size,
    dropped: () => dropped,
    close: () => {
      clearInterval(timer);
      for (const reading of readers) reading.drop();
      readers.clear();
    },
  };
}
