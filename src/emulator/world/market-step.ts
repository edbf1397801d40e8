import type { Micros } from '../../domain/time.ts';

/**
 * The span of a step, with the log of the price in dollars at both ends; `activity` is variance over its
 * mean.
 */
export interface MarketStep {
  readonly from: Micros;
  readonly to: Micros;
  readonly logFrom: number;
  readonly logTo: number;
  readonly activity: number;
}
