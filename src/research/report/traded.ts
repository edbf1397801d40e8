import type { Known } from '../../domain/known.ts';
import type { MarkedFill } from '../score/markouts.ts';

/** A fill with what was thought when its order was decided; null where that is not known. */
export interface Traded extends MarkedFill {
  readonly ticker: string;
  readonly edgeDollars: Known;
  readonly modelProbability: Known;
  /** Middle of the book that the order was decided on, in dollars. */
  readonly mid: Known;
}
