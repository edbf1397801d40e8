import { eventMeasurements } from './event-measurements.ts';
import { stateMeasurements } from './state-measurements.ts';

/**
 * Every measurement that telemetry writes. Tickers are fields, not tags: there are thousands a day, and each
 * would be a new series in the database; `series` (KXBTC15M) is the tag. Prices are in $0.0001, counts in
 * 0.01 contracts, cash in $0.0001, as in `domain/money.ts`. The sinks add the tags `lane` and `label`.
 */
export const measurements = { ...eventMeasurements, ...stateMeasurements } as const;
