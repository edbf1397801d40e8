import { Observable, Subscription } from 'rxjs';
import { after } from '../operators/after.ts';
import type { Dial, SocketOpened, SocketRequest, SocketText } from './dial.ts';
import type { EdgeClock } from './edge-clock.ts';

/**
 * When to try again. `attempt` counts from 1, and begins at 1 again after a connection was open for
 * `stableMs`.
 */
export interface BackOff {
  readonly stableMs: number;
  /** Delay after an attempt that has ended, jitter included; `random` is uniform on [0, 1). */
  readonly delayMs: (attempt: number, random: number) => number;
  /** At most `attempts` within any `spanMs`. Further ones wait. */
  readonly budget: { readonly attempts: number; readonly spanMs: number };
}

/** What a link needs. */
export interface LinkOptions {
  readonly dial: Dial;
  /** Made for each attempt. */
  readonly request: () => SocketRequest;
  readonly clock: EdgeClock;
  /** A socket without a frame for this long is given up. So is a dial that has not opened by then. */
  readonly silenceMs: number;
  readonly backOff: BackOff;
  /** Uniform on [0, 1). */
  readonly random: () => number;
}

/**
 * The connection has ended; the next attempt is made after `retryInMs`. `status` is that of `SocketClosed`.
 */
export interface LinkClosed {
  readonly kind: 'closed';
  readonly detail: string;
  readonly status: number | undefined;
  readonly attempt: number;
  readonly retryInMs: number;
  /** True if it had been open. */
  readonly stood: boolean;
}

/** The events of a link: of one socket after another. */
export type LinkEvent = SocketOpened | SocketText | LinkClosed;

/**
 * Keeps a connection: dials, watches for silence, and dials again after a back-off for as long as it is
 * subscribed. The old socket is closed before the next is dialled. It never completes and never errors. If
 * the budget is used up, an attempt waits and does not fail.
 */
export function link({
  dial,
  request,
  clock,
  silenceMs,
  backOff,
  random,
}: LinkOptions): Observable<LinkEvent> {
  return new Observable((to) => {
    const running = new Subscription();
    /** Times of recent attempts, oldest first; never more than the budget. */
    const attempts: number[] = [];
    let attempt = 0;

    const waitFor = (): number => {
      const { budget, delayMs } = backOff;
      const wanted = delayMs(attempt, random());
      const now = clock.now();
      while ((attempts[0] ?? now) <= now - budget.spanMs) attempts.shift();
      const oldest = attempts.length >= budget.attempts ? attempts[0] : undefined;
      return oldest === undefined ? wanted : Math.max(wanted, oldest + budget.spanMs - now);
    };

    const connect = (): void => {
      attempt++;
      attempts.push(clock.now());
      if (attempts.length > backOff.budget.attempts) attempts.shift();
      const socket = new Subscription();
      running.add(socket);
      let openedAt: number | undefined;
      let lastFrameAt = clock.now();
      let over = false;

      const give = (detail: string, status: number | undefined): void => {
        if (over) return;
        over = true;
        const stood = openedAt !== undefined;
        if (openedAt !== undefined && clock.now() - openedAt >= backOff.stableMs) attempt = 1;
        const retryInMs = waitFor();
        running.remove(socket);
        socket.unsubscribe();
        running.add(after(retryInMs, clock).subscribe(connect));
        to.next({ kind: 'closed', detail, status, attempt, retryInMs, stood });
      };
      // One timer that arms itself again when it fires, instead of one timer per frame.
      const watch = (waitMs: number): void => {
        socket.add(
          after(waitMs, clock).subscribe(() => {
            const left = lastFrameAt + silenceMs - clock.now();
            if (left > 0) watch(left);
            else
              give(
                openedAt === undefined ? `not open within ${silenceMs} ms` : `no frame for ${silenceMs} ms`,
                undefined,
              );
          }),
        );
      };
      watch(silenceMs);
      socket.add(
        dial(request()).subscribe({
          next: (event) => {
            if (over) return;
            if (event.kind === 'closed') {
              give(event.detail || `closed with code ${event.code}`, event.status);
              return;
            }
            lastFrameAt = clock.now();
            if (event.kind === 'opened') openedAt = lastFrameAt;
            to.next(event);
          },
        }),
      );
    };
    connect();
    return running;
  });
}
