import type { Micros } from '../domain/time.ts';

/** Mean over a span of a value that holds until it is set again. NaN says that the value is not known. */
export interface TimeMean {
  readonly set: (value: number, now: Micros) => void;
  /** A span begins; the value goes on holding. */
  readonly begin: (at: Micros) => void;
  /** The mean from the beginning of the span to `at`; NaN unless the value was known all that time. */
  readonly mean: (at: Micros) => number;
  /** The value as it stands. */
  readonly last: () => number;
}

/** Means weighted with time. Setting allocates nothing: the numbers are fields of one object, which are written in place. */
export function timeMean(): TimeMean {
  const state = { startAt: Number.NaN, knownAt: Number.NaN, at: Number.NaN, value: Number.NaN, sum: 0.5 };
  return {
    set: (value, now) => {
      // Unknown stretches add nothing; `knownAt` remembers that there was one.
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
