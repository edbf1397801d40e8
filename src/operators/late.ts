import type { Stamped } from '../domain/time.ts';

/** An event that came after its place in the order was closed: emitted instead of it, so that it is counted. */
export interface Late<T> extends Stamped {
  readonly kind: 'late';
  /** How far behind the first time that was still open. */
  readonly behindMicros: number;
  readonly event: T;
}
