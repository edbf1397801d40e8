import { Subscription } from 'rxjs';
import type { Frame, Venue } from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';
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
  /** All that waits, batch by batch, each closed by a tick; ends after `stop`, with what still waited. One reader. */
  readonly batches: () => AsyncIterable<readonly Frame[]>;
  readonly stop: () => void;
  readonly stats: () => InletStats;
}

/**
 * Queues frames until the driver takes them. When more than `capacity` wait, the venue with most waiting wire frames loses those: a `connection` frame
 * `shed` stands in their place and says how many, which voids the venue's state in the graph and on the tape alike. Frames that are no market data are
 * never shed. `at` never goes back: a frame stamped before its predecessor takes that one's time.
 */
export function inlet({ clock, stamp, tickMs, capacity, onShed }: InletOptions): Inlet {
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
    while (true) {
      if (waiting.length === 0 && !stopped) {
        let timer = Subscription.EMPTY;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = after(tickMs, clock).subscribe(wakeUp);
        });
        timer.unsubscribe();
      }
      const last = stopped;
      const batch = waiting;
      waiting = [];
      batch.push(ordered({ kind: 'tick', at: stamp() }));
      yield batch;
      if (last) return;
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
