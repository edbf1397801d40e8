import type { Micros } from '../domain/time.ts';

/**
 * One row for a time-series database. Tags are indexed and have few values; `measurements` holds the kind of
 * each field.
 */
export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined, null and numbers that are not finite are left out when written. */
  readonly fields: Readonly<Record<string, number | string | boolean | null | undefined>>;
  readonly at: Micros;
}
