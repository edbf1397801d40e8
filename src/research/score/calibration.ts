import { rowWeights } from './blend-weight.ts';
import { logistic, logit, type ScoredQuote } from './scored-quote.ts';

/** Probabilities within one tenth, and how often YES came. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly meanProbability: number;
  readonly shareYes: number;
}

/** How well probabilities match what came; each close counts once. */
export interface Calibration {
  /** Of logit(YES) on logit(p): 1 is right, less is too sure. */
  readonly slope: number;
  readonly intercept: number;
  /** Expected calibration error: mean of |share of YES − mean p| over the bins, weighted by their size. */
  readonly ece: number;
  readonly brier: number;
  readonly bins: readonly CalibrationBin[];
}

const BINS = 10;
const MOST_STEPS = 50;

/** Calibration of the probabilities that `of` reads. */
export function calibrationOf(rows: readonly ScoredQuote[], of: (row: ScoredQuote) => number): Calibration {
  const weights = rowWeights(rows);
  const bins = Array.from({ length: BINS }, () => ({ weight: 0, rows: 0, p: 0, yes: 0 }));
  let [total, brier] = [0, 0];
  for (const [i, row] of rows.entries()) {
    const p = of(row);
    const weight = weights[i] as number;
    const bin = bins[Math.min(BINS - 1, Math.floor(p * BINS))] as (typeof bins)[number];
    bin.weight += weight;
    bin.rows++;
    bin.p += weight * p;
    bin.yes += row.yes ? weight : 0;
    total += weight;
    brier += weight * ((row.yes ? 1 : 0) - p) ** 2;
  }
  let [intercept, slope] = [0, 1];
  for (let step = 0; step < MOST_STEPS; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (const [i, row] of rows.entries()) {
      const x = logit(of(row));
      const p = logistic(intercept + slope * x);
      const weight = weights[i] as number;
      const residual = weight * ((row.yes ? 1 : 0) - p);
      const spread = weight * p * (1 - p);
      g0 += residual;
      g1 += residual * x;
      h00 += spread;
      h01 += spread * x;
      h11 += spread * x * x;
    }
    const determinant = h00 * h11 - h01 ** 2;
    const [d0, d1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    intercept += d0;
    slope += d1;
    if (!(Math.abs(d0) + Math.abs(d1) > 1e-10)) break;
  }
  return {
    slope,
    intercept,
    ece: bins.reduce((sum, bin) => sum + Math.abs(bin.yes - bin.p), 0) / total,
    brier: brier / total,
    bins: bins.flatMap((bin, i) =>
      bin.rows === 0
        ? []
        : [
            {
              from: i / BINS,
              to: (i + 1) / BINS,
              rows: bin.rows,
              meanProbability: bin.p / bin.weight,
              shareYes: bin.yes / bin.weight,
            },
          ],
    ),
  };
}
