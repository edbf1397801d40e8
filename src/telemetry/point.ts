import type { Micros } from '../domain/time.ts';

/** One row for a time-series database. Tags are indexed and few-valued; the kind of each field is told by `measurements`. */
export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined and numbers that are not finite are left out when written. */
  readonly fields: Readonly<Record<string, number | string | boolean | undefined>>;
  readonly at: Micros;
}
