/** Of a Float64Array, which it sorts: p50, p99, p999, max, mean and count, in the values' own unit. */
export function quantiles(values) {
  values.sort();
  const at = (share) => values[Math.min(values.length - 1, Math.floor(share * values.length))];
  let sum = 0;
  for (const value of values) sum += value;
  return {
    count: values.length,
    mean: sum / values.length,
    p50: at(0.5),
    p99: at(0.99),
    p999: at(0.999),
    max: values.at(-1),
  };
}

/** The middle of a few numbers; of an even count the upper one. */
export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
