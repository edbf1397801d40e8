import type { Micros } from '../../domain/time.ts';

/** Model and market on one contract at one minute, and what came. Probabilities are of YES, in (0, 1). */
export interface ScoredQuote {
  readonly at: Micros;
  readonly ticker: string;
  readonly closeAt: Micros;
  /** What settles together, such as all strikes of one close: one observation, however many rows it has. */
  readonly close: string;
  readonly model: number;
  /** Middle of the best bid and the best ask. */
  readonly mid: number;
  /** The blend that a lane used, where it is known; else the one that is to be judged is computed. */
  readonly blend?: number;
  readonly yes: boolean;
}

/** Probabilities are kept this far from 0 and 1: half of the finest tick. Beyond it no quote can be. */
const CLOSEST = 0.0005;

/** A probability that a logarithm can be taken of. */
export const heldProbability = (p: number): number => Math.min(1 - CLOSEST, Math.max(CLOSEST, p));

export const logit = (p: number): number => Math.log(p / (1 - p));
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** −ln of the probability that was given to what came. */
export const logLossOf = (p: number, yes: boolean): number => -Math.log(yes ? p : 1 - p);
