import type { After } from './timers.ts';

/** Timers of one owner, which all end with it. */
export interface Alarms {
  /** Runs a function later; the returned function cancels it. */
  readonly set: (millis: number, run: () => void) => () => void;
  /** The work's result, or `late` if it takes longer than `millis`. The work must not reject. */
  readonly within: <T>(millis: number, work: Promise<T>, late: T) => Promise<T>;
  /** Waits; `endPauses` ends the wait early. */
  readonly pause: (millis: number) => Promise<void>;
  readonly endPauses: () => void;
  /** Cancels everything that is set. */
  readonly clear: () => void;
}

/** An empty set of timers. */
export function alarms(after: After): Alarms {
  const cancels = new Map<() => void, () => void>();
  const pauses = new Set<() => void>();
  const set = (millis: number, run: () => void): (() => void) => {
    const cancel = after(millis, () => {
      cancels.delete(run);
      run();
    });
    cancels.set(run, cancel);
    return () => {
      cancels.delete(run);
      cancel();
    };
  };
  return {
    set,
    within: (millis, work, late) =>
      new Promise((resolve) => {
        const cancel = set(millis, () => resolve(late));
        void work.then((result) => {
          cancel();
          resolve(result);
        });
      }),
    pause: (millis) =>
      new Promise((resolve) => {
        const end = (): void => {
          pauses.delete(end);
          resolve();
        };
        pauses.add(end);
        set(millis, end);
      }),
    endPauses: () => {
      for (const end of pauses) end();
    },
    clear: () => {
      for (const cancel of cancels.values()) cancel();
    },
  };
}
