import type { Point } from './point.ts';

/**
 * A point with its time as InfluxDB stores it: nanoseconds since the epoch, as a string of digits, since a
 * double cannot hold them.
 */
export interface NanoPoint extends Omit<Point, 'at'> {
  readonly nanos: string;
}
