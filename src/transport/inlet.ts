import { firstValueFrom, Subscription } from 'rxjs';
import type { Frame } from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';
import { perVenue, type Venue } from '../domain/venues.ts';
import { after } from '../operators/after.ts';
import type { EdgeClock } from './edge-clock.ts';
import { shortened } from './rejected-frame.ts';

/** How an inlet is set up. */
export interface InletOptions {
  readonly clock: EdgeClock;
  /** The time of tick frames. It must be the one that other frames are stamped with. */
  readonly stamp: () => Micros;
  /** If no frame came for this long, a tick is emitted alone. */
  readonly tickMs: number;
  /** Most frames that may wait. */
  readonly capacity: number;
  /**
   * If the reader has been behind for this long, frames are shed. If it is undefined, only `capacity` limits
   * what waits.
   */
  readonly mostBehindMs?: number;
  /**
   * Called when waiting frames of a venue were dropped, so that the state built on them can be asked for
   * again.
   */
  readonly onShed: (venue: Venue, frames: number) => void;
}

/** Most characters of a venue's text that may wait, whatever the number of frames. */
const MOST_WAITING_CHARACTERS = 128 << 20;
const charactersOf = (frame: Frame): number =>
  frame.kind === 'wire' || frame.kind === 'rest' ? frame.text.length : 0;

/** Most characters of a venue's own words about a connection. */
const MOST_DETAIL = 500;

/** Counts of what happened in an inlet. */
export interface InletStats {
  readonly queued: number;
  readonly mostQueued: number;
  readonly shedFrames: Readonly<Record<Venue, number>>;
}

/** The bounded queue between sockets and the driver. */
export interface Inlet {
  /** Takes a frame and returns at once. */
  readonly push: (frame: Frame) => void;
  /**
   * All waiting frames, batch by batch, with a tick after the last of them. It ends after `stop`, once the
   * frames that still waited are delivered. There may be only one reader.
   */
  readonly batches: () => AsyncIterable<readonly Frame[]>;
  readonly stop: () => void;
  readonly stats: () => InletStats;
  /** How many frames wait now; allocates nothing. */
  readonly queued: () => number;
}

/**
 * Most frames in a batch. It is small enough that a slow reader does not block the event loop for seconds.
 */
const MOST_BATCH = 512;

/**
 * Queues frames until the driver takes them. If more than `capacity` wait, or more than 128 Mi characters, or the reader was behind for
 * `mostBehindMs`, the venue with the most waiting wire frames loses those. A `connection` frame `shed` with
 * their number takes their place. It voids the venue's state, in this run and in a replay of its tape. Frames
 * that are not market data are never shed. `at` never goes back: a frame stamped earlier than the one before
 * gets the time of that one.
 *
 * A reader is behind if more frames wait than fit in one batch, or if it took longer than a tick. It then
 * gets the next batch only after one turn of the event loop. Otherwise the sockets would be read too seldom:
 * frames would wait in the kernel and at the venue, be stamped late and never be shed.
 */
export function inlet({
  clock,
  stamp,
  tickMs,
  capacity,
  mostBehindMs = Number.POSITIVE_INFINITY,
  onShed,
}: InletOptions): Inlet {
  let waiting: Frame[] = [];
  /** Characters of the texts that wait. */
  let characters = 0;
  let lastAt: Micros = 0;
  let mostQueued = 0;
  let stopped = false;
  let wake: (() => void) | undefined;
  const shedFrames = perVenue(() => 0);

  const ordered = (given: Frame): Frame => {
    const frame =
      given.kind === 'connection' && given.detail.length > MOST_DETAIL
        ? { ...given, detail: shortened(given.detail, MOST_DETAIL) }
        : given;
    if (frame.at >= lastAt) {
      lastAt = frame.at;
      return frame;
    }
    return { ...frame, at: lastAt };
  };
  const shed = (at: Micros): void => {
    const counts = perVenue(() => 0);
    for (const frame of waiting) if (frame.kind === 'wire') counts[frame.venue]++;
    const [[venue, count]] = (Object.entries(counts) as [Venue, number][]).sort(([, a], [, b]) => b - a) as [
      [Venue, number],
    ];
    if (count === 0) return;
    waiting = waiting.filter((frame) => frame.kind !== 'wire' || frame.venue !== venue);
    waiting.push({
      kind: 'connection',
      at,
      venue,
      change: 'shed',
      detail: `${count} frames dropped: the graph was too slow`,
    });
    shedFrames[venue] += count;
    characters = waiting.reduce((sum, frame) => sum + charactersOf(frame), 0);
    onShed(venue, count);
  };
  const wakeUp = (): void => {
    const waker = wake;
    wake = undefined;
    waker?.();
  };

  async function* batches(): AsyncGenerator<readonly Frame[]> {
    let caughtUpMs = clock.now();
    while (true) {
      if (waiting.length === 0 && !stopped) {
        let timer = Subscription.EMPTY;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = after(tickMs, clock).subscribe(wakeUp);
        });
        timer.unsubscribe();
      }
      if (waiting.length <= MOST_BATCH) caughtUpMs = clock.now();
      else if (clock.now() - caughtUpMs > mostBehindMs) {
        shed(lastAt);
        caughtUpMs = clock.now();
      }
      const last = stopped && waiting.length <= MOST_BATCH;
      const batch = waiting;
      waiting = batch.splice(MOST_BATCH);
      characters = waiting.reduce((sum, frame) => sum + charactersOf(frame), 0);
      const behind = waiting.length > 0;
      // The tick must not be later than frames that still wait.
      if (!behind) batch.push(ordered({ kind: 'tick', at: stamp() }));
      const givenMs = clock.now();
      yield batch;
      if (last) return;
      if (behind || clock.now() - givenMs > tickMs) await firstValueFrom(after(0, clock));
    }
  }

  return {
    push: (frame) => {
      if (stopped) return;
      const next = ordered(frame);
      waiting.push(next);
      characters += charactersOf(next);
      if (waiting.length > mostQueued) mostQueued = waiting.length;
      if (waiting.length > capacity || characters > MOST_WAITING_CHARACTERS) shed(next.at);
      wakeUp();
    },
    batches,
    stop: () => {
      stopped = true;
      wakeUp();
    },
    queued: () => waiting.length,
    stats: () => ({ queued: waiting.length, mostQueued, shedFrames: { ...shedFrames } }),
  };
}
