/** One bound of a system of differences: value[to] ≤ value[from] + weight. */
export interface Bound {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/**
 * A cycle of bounds whose weights sum to less than 0, or undefined if there is none, which is if and only if
 * numbers exist that keep all bounds (Bellman 1958; Ford 1956). Weights are integers, so sums are exact. The
 * bounds are relaxed forward and backward in turn, which takes few passes where they are sorted.
 */
export function negativeCycle<B extends Bound>(
  nodes: number,
  bounds: readonly B[],
): readonly B[] | undefined {
  const value = new Float64Array(nodes);
  const cause: (B | undefined)[] = new Array(nodes).fill(undefined);
  let changed = -1;
  for (let pass = 0; pass <= nodes; pass++) {
    changed = -1;
    for (let i = 0; i < bounds.length; i++) {
      const bound = bounds[pass % 2 === 0 ? i : bounds.length - 1 - i] as B;
      const least = (value[bound.from] as number) + bound.weight;
      if (!(least < (value[bound.to] as number))) continue;
      value[bound.to] = least;
      cause[bound.to] = bound;
      changed = bound.to;
    }
    if (changed < 0) return undefined;
  }
  // Still changing after as many passes as nodes: `changed` hangs on a cycle.
  let node = changed;
  for (let i = 0; i < nodes; i++) node = (cause[node] as B).from;
  const cycle: B[] = [];
  let at = node;
  do {
    const bound = cause[at] as B;
    cycle.push(bound);
    at = bound.from;
  } while (at !== node);
  return cycle;
}
