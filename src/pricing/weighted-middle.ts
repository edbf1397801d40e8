/**
 * One venue's estimate of the index: the log of its price corrected by its basis, and the variance of the
 * basis.
 */
export interface Opinion {
  readonly log: number;
  /** Variance of the venue's basis; undefined while the basis is not known. */
  readonly basisVariance: number | undefined;
}

/**
 * With three or more venues, one venue's weight is at most this part of the others' weight together. It is
 * below 1, so that no venue is the middle by itself.
 */
const MOST_SHARE = 0.9;

/**
 * Weights relative to the greatest. Equal variances give exactly 1, so that equal venues give the plain
 * median and the plain mean.
 */
function weightsOf(variances: readonly number[]): readonly number[] {
  const least = Math.min(...variances);
  const raw = variances.map((variance) => (variance === least ? 1 : least / variance));
  if (raw.length < 3) return raw;
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => Math.min(weight, MOST_SHARE * (sum - weight)));
}

/** The log that has half of the weight on either side. If two logs meet there, it is their mean. */
function weightedMedian(opinions: readonly Opinion[], weights: readonly number[]): number {
  const half = weights.reduce((total, weight) => total + weight, 0) / 2;
  let below = 0;
  for (const [i, { log }] of opinions.entries()) {
    below += weights[i] ?? 0;
    if (below > half) return log;
    if (below === half) return (log + (opinions[i + 1]?.log ?? log)) / 2;
  }
  return Number.NaN;
}

/**
 * The middle of the venues' estimates, in logs, and its variance. It is the median weighted by 1 / (basis
 * variance + `errorVariance`). Two venues give their mean by the same weights. A venue whose basis is not
 * known yet gets the largest of the known variances. With three or more venues, none outweighs the others
 * together. The variance is `errorVariance` plus the weighted mean of the basis variances. It is not divided
 * by the number of venues, because their errors are correlated. `docs/decisions/0014` has the reasons.
 */
export function weightedMiddle(
  opinions: readonly Opinion[],
  errorVariance: number,
): { readonly log: number; readonly variance: number } {
  const worst = Math.max(0, ...opinions.map(({ basisVariance }) => basisVariance ?? 0));
  // Sorted, so that the order of the venues does not change how sums are rounded.
  const sorted = opinions
    .map(({ log, basisVariance = worst }) => ({ log, basisVariance }))
    .sort((a, b) => a.log - b.log || a.basisVariance - b.basisVariance);
  const weights = weightsOf(sorted.map(({ basisVariance }) => basisVariance + errorVariance));
  let [total, logs, bases] = [0, 0, 0];
  for (const [i, { log, basisVariance }] of sorted.entries()) {
    const weight = weights[i] ?? 0;
    total += weight;
    logs += weight * log;
    bases += weight * basisVariance;
  }
  return {
    log: sorted.length < 3 ? logs / total : weightedMedian(sorted, weights),
    variance: errorVariance + bases / total,
  };
}
