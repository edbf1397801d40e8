/** A mean, and its standard error from how clusters differ. */
export interface ClusteredMean {
  readonly mean: number;
  /** NaN for fewer than two clusters. */
  readonly standardError: number;
  /** Standard deviation of the clusters' own means. */
  readonly deviation: number;
  readonly clusters: number;
}

/**
 * The mean over clusters of each cluster's mean: what happens within a cluster, such as one market, is one
 * observation, however many rows it has. NaN without a row.
 */
export function clusteredMean<Row>(
  rows: Iterable<Row>,
  clusterOf: (row: Row) => string,
  measure: (row: Row) => number,
): ClusteredMean {
  const sums = new Map<string, { sum: number; rows: number }>();
  for (const row of rows) {
    const cluster = clusterOf(row);
    const known = sums.get(cluster);
    if (known) {
      known.sum += measure(row);
      known.rows++;
    } else sums.set(cluster, { sum: measure(row), rows: 1 });
  }
  const means = [...sums.values()].map(({ sum, rows: count }) => sum / count);
  const clusters = means.length;
  const mean = means.reduce((total, each) => total + each, 0) / clusters;
  const variance = means.reduce((total, each) => total + (each - mean) ** 2, 0) / (clusters - 1);
  const deviation = clusters < 2 ? Number.NaN : Math.sqrt(variance);
  return { mean, deviation, standardError: deviation / Math.sqrt(clusters), clusters };
}
