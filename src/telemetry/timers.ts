/** Runs something later; the answer calls it off. */
export type After = (millis: number, run: () => void) => () => void;

/** Timers of the wall clock, for sinks at the edge. */
export const wallAfter: After = (millis, run) => {
  const timer = setTimeout(run, millis);
  return () => clearTimeout(timer);
};
