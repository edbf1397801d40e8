import { Observable } from 'rxjs';
import { caught } from './end-until-caught.ts';
import { exitCodeOf } from './exit-code-of.ts';

/**
 * A terminal, npm and the end of npm's shell can each send the same signal. Signals within this time count as
 * one.
 */
const ONE_WISH_MS = 500;

/**
 * Emits once at the first Ctrl-C, SIGTERM or SIGHUP (the terminal was closed, or nobody reads the output), so
 * that a lane can end cleanly. A second one, half a second later or more, ends the process at once. Signals
 * are caught from the call on, so that one during start-up is not lost.
 */
export function interrupts(): Observable<NodeJS.Signals> {
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  let first: NodeJS.Signals | undefined;
  let firstAtMs = 0;
  const on = (signal: NodeJS.Signals): void => {
    if (first !== undefined) {
      if (performance.now() - firstAtMs < ONE_WISH_MS) return;
      process.exit(exitCodeOf(signal));
    }
    first = signal;
    firstAtMs = performance.now();
    for (const listener of listeners) listener(signal);
  };
  process.on('SIGINT', on);
  process.on('SIGTERM', on);
  process.on('SIGHUP', on);
  caught();
  return new Observable((to) => {
    if (first !== undefined) {
      to.next(first);
      to.complete();
      return undefined;
    }
    const listener = (signal: NodeJS.Signals): void => {
      to.next(signal);
      to.complete();
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  });
}
