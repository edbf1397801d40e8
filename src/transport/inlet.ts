import { firstValueFrom, Subscription } from 'rxjs';
import type { Frame } from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';
import type { Venue } from '../domain/venues.ts';
import { after } from '../operators/after.ts';
import type { EdgeClock } from './edge-clock.ts';

/** How an inlet is set up. */
export interface InletOptions {
  readonly clock: EdgeClock;
  /** Time of ticks: the same that frames are stamped with. */
  readonly stamp: () => Micros;
  /** Without a frame for so long a tick goes out alone. */
  readonly tickMs: number;
  /** Frames that may wait. */
  readonly capacity: number;
  /** A reader that has not caught up for so long is not given old frames: some are shed. Without it only `capacity` bounds what waits. */
  readonly mostBehindMs?: number;
  /** Called when a venue's waiting frames were dropped, so that what they built can be asked for anew. */
  readonly onShed: (venue: Venue, frames: number) => void;
}

/** What an inlet went through. */
export interface InletStats {
  readonly queued: number;
  readonly mostQueued: number;
  readonly shedFrames: Readonly<Record<Venue, number>>;
}

/** The bounded queue between sockets and the driver. */
export interface Inlet {
  /** Takes a frame and returns at once. */
  readonly push: (frame: Frame) => void;
  /** All that waits, batch by batch, a tick after all of it; ends after `stop`, with what still waited. One reader. */
  readonly batches: () => AsyncIterable<readonly Frame[]>;
  readonly stop: () => void;
  readonly stats: () => InletStats;
}

/** Frames given at once; a reader that is behind comes back for more. Few enough that a slow one does not keep the event loop for seconds. */
const MOST_BATCH = 512;

/**
 * Queues frames until the driver takes them. When more than `capacity` wait, or a reader stayed behind for `mostBehindMs`, the venue with most waiting wire
 * frames loses those: a `connection` frame `shed` stands in their place and says how many, which voids the venue's state in the graph and on the tape
 * alike. Frames that are no market data are never shed. `at` never goes back: a frame stamped before its predecessor takes that one's time.
 *
 * A reader that is behind, since more waits than one batch holds or since it took longer than a tick, is given more only after the event loop has turned.
 * Else the sockets would be read one buffer at a time, what it is behind by would wait in the kernel and with the venue, stamped late and never shed.
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
  let lastAt: Micros = 0;
  let mostQueued = 0;
  let stopped = false;
  let wake: (() => void) | undefined;
  const shedFrames: Record<Venue, number> = { kraken: 0, coinbase: 0, kalshi: 0 };

  const ordered = (frame: Frame): Frame => {
    if (frame.at >= lastAt) {
      lastAt = frame.at;
      return frame;
    }
    return { ...frame, at: lastAt };
  };
  const shed = (at: Micros): void => {
    const counts: Record<Venue, number> = { kraken: 0, coinbase: 0, kalshi: 0 };
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
      const behind = waiting.length > 0;
      // Time of what still waits must not be passed.
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
      if (waiting.length > mostQueued) mostQueued = waiting.length;
      if (waiting.length > capacity) shed(next.at);
      wakeUp();
    },
    batches,
    stop: () => {
      stopped = true;
      wakeUp();
    },
    stats: () => ({ queued: waiting.length, mostQueued, shedFrames: { ...shedFrames } }),
  };
}
