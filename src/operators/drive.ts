import { MINUTE, type Micros } from '../domain/time.ts';
import type { TapeScheduler } from './tape-scheduler.ts';

/**
 * The longest time without a frame for which timers fire as they fall due. Venues send heartbeats every
 * second, so a longer one is a hole: each timer that is due fires once, at its end.
 */
export const LONGEST_QUIET_MICROS = 10 * MINUTE;

/** What the driver needs to know of a frame. */
interface Timed {
  readonly kind: string;
  readonly at: Micros;
}

/** What one drive did. */
export interface Driven {
  readonly frames: number;
  /** Frames stamped earlier than the clock. They are delivered at once, and the clock stays where it is. */
  readonly backwards: number;
}

/**
 * The one loop of every lane. For each frame it runs the timers that are due, emits the frame, then runs what
 * the frame scheduled at zero delay. While the clock is held, nothing moves. A `session` frame makes the
 * clock jump, so that no timer fires for the time before it. After a hole, timers fire once and not for each
 * time that fell in it, so that a frame of the far future costs no more than any other. Frames come in batches, so that the loop awaits
 * once per batch and not once per frame. `afterBatch` is called with the number of frames so far.
 */
export async function drive<F extends Timed>(
  batches: AsyncIterable<readonly F[]> | Iterable<readonly F[]>,
  clock: TapeScheduler,
  emit: (frame: F) => void,
  afterBatch: (frames: number, at: Micros) => void = () => {},
): Promise<Driven> {
  let frames = 0;
  let backwards = 0;
  for await (const batch of batches) {
    for (const frame of batch) {
      if (frame.kind === 'session') {
        if (clock.holding()) await clock.settle();
        clock.jumpTo(frame.at);
      } else {
        if (frame.at - clock.at > LONGEST_QUIET_MICROS) {
          if (clock.holding()) await clock.settle();
          clock.jumpTo(frame.at);
        }
        while (!clock.runTo(frame.at)) await clock.settle();
      }
      if (frame.at < clock.at) backwards++;
      emit(frame);
      frames++;
      while (!clock.runTo(frame.at)) await clock.settle();
    }
    afterBatch(frames, clock.at);
  }
  return { frames, backwards };
}
