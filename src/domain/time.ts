/** Microseconds since the Unix epoch, always an integer; exact in a double until the year 2255. */
export type Micros = number;

/** Spans of time in microseconds. */
export const MILLISECOND = 1_000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/**
 * Both clocks of an event. `at` is the venue's, `receivedAt` ours; where a venue gives no time of its own the
 * two are equal.
 */
export interface Stamped {
  readonly at: Micros;
  readonly receivedAt: Micros;
}
