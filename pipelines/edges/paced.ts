import type { Micros } from '../../src/domain/time.ts';

/** A market's time that waits for the market's steps. */
export interface Paced {
  /**
   * The market's time now. It never goes back, and is never more than `mostStepMicros` ahead of the last
   * step.
   */
  readonly now: () => Micros;
  /**
   * The time up to which the market runs next. If a step is late by more than `mostStepMicros`, the excess is
   * dropped.
   */
  readonly step: () => Micros;
}

/**
 * Paces `asked`, a time that begins at `startAt`. If the machine cannot keep up with a fast market, the
 * market runs slower, and every timestamp is still true. Otherwise each step would take longer than the one
 * before, and nothing else could run.
 */
export function paced(asked: () => Micros, startAt: Micros, mostStepMicros: Micros): Paced {
  let reached = startAt;
  let givenUp: Micros = 0;
  return {
    now: () => Math.min(asked() - givenUp, reached + mostStepMicros),
    step: () => {
      const due = asked() - givenUp;
      const most = reached + mostStepMicros;
      if (due > most) givenUp += due - most;
      reached = Math.min(due, most);
      return reached;
    },
  };
}
