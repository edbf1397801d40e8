import { Observable } from 'rxjs';

/**
 * Emits once at the first Ctrl-C or SIGTERM, so that a lane can end cleanly; the second one ends the process at once. Listens from the call on, so that a signal
 * during start-up is not lost.
 */
export function interrupts(): Observable<NodeJS.Signals> {
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  let first: NodeJS.Signals | undefined;
  const on = (signal: NodeJS.Signals): void => {
    if (first !== undefined) process.exit(signal === 'SIGINT' ? 130 : 143);
    first = signal;
    for (const listener of listeners) listener(signal);
  };
  process.on('SIGINT', on);
  process.on('SIGTERM', on);
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
