import type { Micros } from '../../domain/time.ts';

/** Mean over a span of a value that stays until it is set again. NaN means that the value is unknown. */
export interface TimeMean {
  readonly set: (value: number, now: Micros) => void;
  /** Begins a span; the value stays. */
  readonly begin: (at: Micros) => void;
  /** The mean from the beginning of the span to `at`; NaN if the value was unknown at any time of it. */
  readonly mean: (at: Micros) => number;
  /** The present value. */
  readonly last: () => number;
}

/**
 * A mean weighted by time. Setting a value allocates nothing: the numbers are fields of one object and change
 * in place.
 */
export function timeMean(): TimeMean {
  const state = { startAt: Number.NaN, knownAt: Number.NaN, at: Number.NaN, value: Number.NaN, sum: 0.5 };
  return {
    set: (value, now) => {
      // Unknown stretches add nothing; `knownAt` records that there was one.
      if (Number.isNaN(state.value)) state.knownAt = now;
      else state.sum += state.value * (now - state.at);
      state.at = now;
      state.value = value;
    },
    begin: (at) => {
      state.startAt = at;
      state.at = at;
      state.sum = 0;
    },
    mean: (at) =>
      Number.isNaN(state.value) || !(state.knownAt <= state.startAt)
        ? Number.NaN
        : (state.sum + state.value * (at - state.at)) / (at - state.startAt),
    last: () => state.value,
  };
}
