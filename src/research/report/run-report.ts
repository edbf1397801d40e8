import type { Known } from '../../domain/known.ts';
import type { Micros } from '../../domain/time.ts';
import type { BlockTotal } from '../../maths/block-bootstrap.ts';
import type { NearestChange, NearestRow } from './nearest-change.ts';
import type { SensitivityRow } from './sensitivity.ts';

/** The running profit of settled contracts after each hour in which some closed. */
export interface EquityPoint extends BlockTotal {
  readonly at: Micros;
}

/** How much of the best of so many trials a run's profit is. */
export interface Deflated {
  readonly sharpe: Known;
  readonly hours: number;
  /** Trials of the same time in the ledger, this run among them. */
  readonly trials: number;
  /** In all of the ledger. */
  readonly allTrials: number;
  /** Sharpe ratio that luck alone gives the best of them. */
  readonly luck: Known;
  /** Probability that the true ratio is above that; null where it cannot be said. */
  readonly deflated: Known;
  /** What is wrong with the ledger, if anything: then the number of trials is only the least. */
  readonly doubt: string | undefined;
}

/** What a run traded and refused, in numbers. Dollars are after fees. */
export interface TradedReport {
  readonly equity: readonly EquityPoint[];
  readonly fills: number;
  readonly openFills: number;
  readonly closes: number;
  readonly sensitivity: readonly SensitivityRow[];
  readonly nearestRows: readonly NearestRow[];
  readonly nearest: readonly NearestChange[];
  readonly deflated: Deflated;
}
