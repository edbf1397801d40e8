/** Runs a function later; the returned function cancels it. */
export type After = (millis: number, run: () => void) => () => void;

/** Timers of the wall clock, for sinks at the edge. */
export const wallAfter: After = (millis, run) => {
  const timer = setTimeout(run, millis);
  return () => clearTimeout(timer);
};
