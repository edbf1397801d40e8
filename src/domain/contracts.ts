import type { PriceTicks } from './money.ts';
import type { Micros } from './time.ts';

/** How the settlement value V is compared with the strikes; Kalshi's own words. */
export type StrikeType = 'greater' | 'greater_or_equal' | 'less' | 'less_or_equal' | 'between';

/** Prices from `startTicks` to `endTicks` (both included) move in steps of `stepTicks`. */
export interface TickBand {
  readonly startTicks: PriceTicks;
  readonly endTicks: PriceTicks;
  readonly stepTicks: PriceTicks;
}

/** Fee terms of a series. Rates are fixed by `kind`; `multiplier` scales both (1 for the BTC series). */
export interface FeeTerms {
  readonly kind: 'quadratic' | 'quadratic_with_maker_fees' | 'quadratic_with_combo_maker_fees';
  readonly multiplier: number;
}

/**
 * A binary contract on the BTC index. Strikes are integer cents of the index.
 * `floorUnits` of a `greater_or_equal` contract is undefined until the previous quarter-hour has settled.
 */
export interface Contract {
  readonly ticker: string;
  readonly series: string;
  readonly event: string;
  readonly strikeType: StrikeType;
  readonly floorUnits: number | undefined;
  readonly capUnits: number | undefined;
  readonly openAt: Micros;
  readonly closeAt: Micros;
  readonly tickBands: readonly TickBand[];
  /** Exchange shard; undefined where the venue did not say. */
  readonly exchangeIndex: number | undefined;
  readonly fee: FeeTerms;
}
