import type { PriceTicks } from './money.ts';
import type { Micros } from './time.ts';

/** How the settlement value is compared with the strikes, in Kalshi's own words. */
export type StrikeType = 'greater' | 'greater_or_equal' | 'less' | 'less_or_equal' | 'between';

/** Whether the mean of the prints is rounded before it is compared with a strike. */
export type SettlesBy = 'rounded' | 'average';

/** Prices from `startTicks` to `endTicks` (both included) move in steps of `stepTicks`. */
export interface TickBand {
  readonly startTicks: PriceTicks;
  readonly endTicks: PriceTicks;
  readonly stepTicks: PriceTicks;
}

/** Fee terms of a series. Rates are fixed by `kind`; `multiplier` scales both. */
export interface FeeTerms {
  readonly kind: 'quadratic' | 'quadratic_with_maker_fees' | 'quadratic_with_combo_maker_fees';
  readonly multiplier: number;
}

/**
 * A binary contract on an asset's index. Strikes are integers of 10^-`indexDecimals` dollars of the index.
 * `floorUnits` of a `greater_or_equal` contract is undefined until the previous quarter-hour has settled.
 */
export interface Contract {
  readonly ticker: string;
  readonly series: string;
  /** Name of the asset whose index settles it. */
  readonly asset: string;
  /** Decimals of that index: its prints, the strikes and the settlement value all have them. */
  readonly indexDecimals: number;
  readonly event: string;
  readonly strikeType: StrikeType;
  readonly floorUnits: number | undefined;
  readonly capUnits: number | undefined;
  readonly openAt: Micros;
  readonly closeAt: Micros;
  readonly tickBands: readonly TickBand[];
  /** Exchange shard; undefined where the venue did not say. */
  readonly exchangeIndex: number | undefined;
  /** Undefined if the venue charges by terms that we do not know. The contract is then not traded. */
  readonly fee: FeeTerms | undefined;
  /**
   * What is compared with the strikes: the mean of the sixty prints rounded to the index's last decimal, or
   * the mean itself. The rules of the series say which. Left out, it is `rounded`.
   */
  readonly settlesBy?: SettlesBy;
}

/**
 * Whether two contracts of one ticker are not the same: a contract is its ticker and its close. A close that
 * moves belongs to the same contract, which keeps its opening; another contract has both of its own.
 */
export const isAnother = (
  one: Pick<Contract, 'openAt' | 'closeAt'>,
  other: Pick<Contract, 'openAt' | 'closeAt'>,
): boolean => one.openAt !== other.openAt && one.closeAt !== other.closeAt;

/** Converts units of 10^-`indexDecimals` dollars to dollars: a float, for display and statistics only. */
export const dollarsOfUnits = (units: number, indexDecimals: number): number => units / 10 ** indexDecimals;
