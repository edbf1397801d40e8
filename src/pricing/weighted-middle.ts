/** One venue's estimate of the index: the log of its price corrected by its basis. */
export interface Opinion {
  readonly log: number;
  /** Variance of its error, positive; undefined while the basis is not known. */
  readonly variance: number | undefined;
}

/**
 * With three or more venues, no weight is more than this part of what the others of the greatest one weigh
 * together. It is below 1, so that no venue is the middle by itself.
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
  const most = Math.max(...raw);
  const others = raw.reduce((total, weight) => total + weight, 0) - most;
  // All are held to it, as a second one could be the greatest once the first is held.
  const cap = MOST_SHARE * others;
  return raw.map((weight) => Math.min(weight, cap));
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
 * The middle of the venues' estimates, in logs, and its variance. It is the median weighted by 1 / variance.
 * Two venues give their mean by the same weights. A venue whose basis is not known yet has `unknownVariance`,
 * or the largest of the known variances if that is more. With three or more venues, none outweighs the others
 * together. The variance is the weighted mean of theirs. It is not divided by the number of venues, because
 * their errors are correlated. `docs/decisions/0014` has the reasons.
 */
export function weightedMiddle(
  opinions: readonly Opinion[],
  unknownVariance: number,
): { readonly log: number; readonly variance: number } {
  const worst = Math.max(unknownVariance, ...opinions.map(({ variance }) => variance ?? 0));
  // Sorted, so that the order of the venues does not change how sums are rounded.
  const sorted = opinions
    .map(({ log, variance = worst }) => ({ log, variance }))
    .sort((a, b) => a.log - b.log || a.variance - b.variance);
  const variances = sorted.map(({ variance }) => variance);
  const weights = weightsOf(variances);
  // The least is taken out of the sum, so that equal variances are stated to the bit.
  const least = Math.min(...variances);
  let [total, logs, excess] = [0, 0, 0];
  for (const [i, { log, variance }] of sorted.entries()) {
    const weight = weights[i] ?? 0;
    total += weight;
    logs += weight * log;
    excess += weight * (variance - least);
  }
  return {
    log: sorted.length < 3 ? logs / total : weightedMedian(sorted, weights),
    variance: least + excess / total,
  };
}
