import { setImmediate } from 'node:timers/promises';

/**
 * What work that pauses comes to. In each pause the loop turns, so that sockets are served meanwhile. Rejects
 * with what the work throws.
 */
export async function inTurns<T>(work: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await setImmediate();
  }
}
