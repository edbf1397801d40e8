import type { Audited } from '../domain/events/audit.ts';

/** Events on their way to those who watch a lane. */
export interface LaterTeller {
  /** Takes an event and returns at once. Throws what an earlier event made a watcher throw. */
  readonly add: (audited: Audited) => void;
  /** Tells all that wait now. */
  readonly flush: () => void;
}

/** Turns of the loop that are left to sockets and timers lie between so many events at most. */
const SLICE = 256;
/** A frame that comes while a turn tells waits for its end, so a turn is short, and longer the more waits. */
const TURN_MS = 0.5;
const WAITING_PER_TURN = 500;
/** With more waiting the lane helps: nothing is dropped, and nothing grows without bound. */
const MOST_WAITING = 50_000;

/**
 * Tells events to `tell` in their order, in later turns of the loop: a decision is made and its order leaves
 * without waiting for pages, points and messages. Events are plain data that nobody changes, so that it does
 * not matter when they are read. What `tell` throws is thrown by the next `add` or `flush`, so that it ends
 * the lane as if it had been told at once.
 */
export function tellLater(
  tell: (audited: Audited) => void,
  soon: (run: () => void) => void = setImmediate,
  nowMs: () => number = () => performance.now(),
): LaterTeller {
  let waiting: Audited[] = [];
  let next = 0;
  let armed = false;
  let failure: { readonly cause: unknown } | undefined;

  const tellSome = (most: number, untilMs = Number.POSITIVE_INFINITY): void => {
    const until = Math.min(waiting.length, next + most);
    while (next < until) {
      tell(waiting[next++] as Audited);
      if (nowMs() >= untilMs) break;
    }
    if (next < waiting.length) return;
    waiting = [];
    next = 0;
  };
  const turn = (): void => {
    armed = false;
    if (failure) return;
    try {
      tellSome(SLICE, nowMs() + TURN_MS * (1 + (waiting.length - next) / WAITING_PER_TURN));
    } catch (cause) {
      failure = { cause };
      return;
    }
    arm();
  };
  const arm = (): void => {
    if (armed || next >= waiting.length) return;
    armed = true;
    soon(turn);
  };
  const check = (): void => {
    if (failure) throw failure.cause;
  };
  return {
    add: (audited) => {
      check();
      waiting.push(audited);
      if (waiting.length - next > MOST_WAITING) tellSome(SLICE);
      // What was told already is let go now and then, since that moves the rest.
      if (next > MOST_WAITING) {
        waiting = waiting.slice(next);
        next = 0;
      }
      arm();
    },
    flush: () => {
      check();
      tellSome(Number.POSITIVE_INFINITY);
    },
  };
}
