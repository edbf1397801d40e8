/** A mean with its t statistic. */
export interface MeanTest {
  readonly mean: number;
  readonly t: number;
  readonly count: number;
}

/**
 * t statistic of the mean of serially correlated values, after Newey and West (1987, Econometrica 55) with
 * Bartlett weights over ⌊4(n/100)^(2/9)⌋ lags. Given daily means of a loss difference it is the test of
 * Diebold and Mariano (1995). NaN for fewer than three values or without any variance.
 */
export function neweyWest(values: ArrayLike<number>): MeanTest {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i] as number;
  const mean = sum / count;
  const lags = Math.floor(4 * (count / 100) ** (2 / 9));
  const covariance = (lag: number): number => {
    let total = 0;
    for (let i = lag; i < count; i++)
      total += ((values[i] as number) - mean) * ((values[i - lag] as number) - mean);
    return total / count;
  };
  let variance = covariance(0);
  for (let lag = 1; lag <= lags; lag++) variance += 2 * (1 - lag / (lags + 1)) * covariance(lag);
  return { mean, t: count < 3 || !(variance > 0) ? Number.NaN : mean / Math.sqrt(variance / count), count };
}
