/** Two bounds; the second may be the smaller one, as of a screen whose y grows downwards. */
export type Bounds = readonly [number, number];

/** Maps `domain` on `range` by a straight line; a domain without width maps on the middle of the range. */
export const linearScale =
  ([from, until]: Bounds, [low, high]: Bounds): ((value: number) => number) =>
  (value) =>
    until === from ? (low + high) / 2 : low + ((value - from) / (until - from)) * (high - low);

/** Round numbers within the bounds, about `about` of them, a step of 1, 2 or 5 times a power of ten apart. */
export function roundTicks([from, until]: Bounds, about: number): number[] {
  const span = until - from;
  if (!(span > 0) || !(about > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(span / about));
  const rest = span / about / power;
  const step = power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step - 1e-9); at * step <= until + step * 1e-9; at += 1)
    ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}

/** Bounds that hold all values and are `share` of their distance wider at each end; never without width. */
export function padded(values: readonly number[], share: number): Bounds {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  const pad = high > low ? (high - low) * share : Math.max(Math.abs(high) * share, 1e-6);
  return [low - pad, high + pad];
}
