import { Observable, Subscription } from 'rxjs';
import { after } from '../operators/after.ts';
import type { Dial, SocketOpened, SocketRequest, SocketText } from './dial.ts';
import type { EdgeClock } from './edge-clock.ts';

/** When to try again. `attempt` counts from 1, and from 1 again with a connection that has stood for `stableMs`. */
export interface BackOff {
  readonly stableMs: number;
  /** Delay after an attempt that is over, jitter included; `random` is uniform on [0, 1). */
  readonly delayMs: (attempt: number, random: number) => number;
  /** No more than `attempts` within any `spanMs`: further ones wait. */
  readonly budget: { readonly attempts: number; readonly spanMs: number };
}

/** What a link is made of. */
export interface LinkOptions {
  readonly dial: Dial;
  /** Made for each attempt. */
  readonly request: () => SocketRequest;
  readonly clock: EdgeClock;
  /** A socket on which no frame came for so long is given up, a dial that has not opened by then too. */
  readonly silenceMs: number;
  readonly backOff: BackOff;
  /** Uniform on [0, 1). */
  readonly random: () => number;
}

/** The connection is gone; the next attempt is made after `retryInMs`. `status` as of `SocketClosed`. */
export interface LinkClosed {
  readonly kind: 'closed';
  readonly detail: string;
  readonly status: number | undefined;
  readonly attempt: number;
  readonly retryInMs: number;
  /** True if it had been open. */
  readonly stood: boolean;
}

/** What a link tells: sockets one after another. */
export type LinkEvent = SocketOpened | SocketText | LinkClosed;

/**
 * Keeps a connection: dials, watches for silence, and dials again after a back-off for as long as it is subscribed. The old socket is gone before the
 * next is dialled. Never completes and never errors; an exhausted budget makes an attempt wait, not fail.
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
      let heardAt = clock.now();
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
      // One timer re-armed by its own firing, not one a frame.
      const watch = (waitMs: number): void => {
        socket.add(
          after(waitMs, clock).subscribe(() => {
            const left = heardAt + silenceMs - clock.now();
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
            heardAt = clock.now();
            if (event.kind === 'opened') openedAt = heardAt;
            to.next(event);
          },
        }),
      );
    };
    connect();
    return running;
  });
}
