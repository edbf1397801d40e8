import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** One bet: what a contract of it adds to our wealth in each outcome, in dollars, and the most we may buy. */
export interface KellyBet {
  readonly returns: ArrayLike<number>;
  readonly most: number;
}

const MOST_STEPS = 100;
const MOST_HALVINGS = 60;
/** A step that gains less than this in expected log wealth is the last. */
const LEAST_GAIN = 1e-15;
/** Keeps the Hessian positive where two bets pay alike; relative to its diagonal. */
const RIDGE = 1e-10;
/** A bet whose slope is within this of 0, relative to a contract's worth, stays at its bound. */
const FLAT = 1e-12;

/** Expected log wealth; −∞ if any outcome that can come leaves nothing. */
function growth(weights: ArrayLike<number>, wealth: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k] as number;
    if (weight > 0) total += weight * Math.log(Math.max(0, wealth[k] as number));
  }
  return total;
}

/**
 * Counts that maximise Σ wₖ·ln(Wₖ + Σⱼ xⱼ·rⱼₖ) with 0 ≤ xⱼ ≤ mostⱼ (Kelly 1956, for bets on one outcome
 * together): `weights` are the probabilities of the outcomes, `wealth` what we own in each before any bet, in
 * dollars. The problem is concave, so its greatest value is one. It is found by Newton's method, projected on
 * the bounds (Bertsekas 1982): bets at a bound that they press against are held, the others move together.
 * Zeros if `wealth` is not positive in every outcome that can come, or if anything is NaN: who may already be
 * ruined buys nothing.
 */
export function jointKelly(
  weights: ArrayLike<number>,
  wealth: ArrayLike<number>,
  bets: readonly KellyBet[],
): readonly number[] {
  const counts = new Array<number>(bets.length).fill(0);
  const outcomes = weights.length;
  const now = Float64Array.from(wealth);
  let best = growth(weights, now);
  if (!Number.isFinite(best) || bets.some(({ most, returns }) => !(most >= 0) || hasNaN(returns)))
    return counts;

  const wealthAt = (at: readonly number[], into: Float64Array): Float64Array => {
    into.set(wealth);
    bets.forEach(({ returns }, j) => {
      const count = at[j] as number;
      if (count !== 0)
        for (let k = 0; k < outcomes; k++) into[k] = (into[k] as number) + count * (returns[k] as number);
    });
    return into;
  };
  const next = new Float64Array(outcomes);
  /** Moves along `direction` as far as it gains, and returns the gain. */
  const advance = (free: readonly number[], direction: readonly number[]): number => {
    for (let halving = 0, length = 1; halving < MOST_HALVINGS; halving++, length /= 2) {
      const tried = [...counts];
      free.forEach((j, i) => {
        const moved = (counts[j] as number) + length * (direction[i] as number);
        tried[j] = Math.min((bets[j] as KellyBet).most, Math.max(0, moved));
      });
      const value = growth(weights, wealthAt(tried, next));
      if (!(value > best)) continue;
      const gained = value - best;
      best = value;
      tried.forEach((count, j) => {
        counts[j] = count;
      });
      now.set(next);
      return gained;
    }
    return 0;
  };
  for (let step = 0; step < MOST_STEPS; step++) {
    const slopes = bets.map(({ returns }) => slopeOf(returns, weights, now));
    const scale = 1 / now.reduce((a, b) => Math.max(a, b));
    const free = bets.flatMap(({ most }, j) => {
      const count = counts[j] as number;
      const slope = slopes[j] as number;
      return (count > 0 || slope > FLAT * scale) && (count < most || slope < -FLAT * scale) ? [j] : [];
    });
    if (free.length === 0) break;
    const curvature = curvatureOf(free, bets, weights, now);
    const gained =
      advance(free, newtonStep(curvature, free, slopes)) || advance(free, ownSteps(curvature, free, slopes));
    if (gained <= LEAST_GAIN) break;
  }
  return counts;
}

function hasNaN(values: ArrayLike<number>): boolean {
  for (let k = 0; k < values.length; k++) if (Number.isNaN(values[k])) return true;
  return false;
}

/** The derivative by one bet. */
function slopeOf(returns: ArrayLike<number>, weights: ArrayLike<number>, wealth: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < returns.length; k++)
    sum += ((returns[k] as number) * (weights[k] as number)) / (wealth[k] as number);
  return sum;
}

/** The negative second derivatives by the free bets. */
function curvatureOf(
  free: readonly number[],
  bets: readonly KellyBet[],
  weights: ArrayLike<number>,
  wealth: Float64Array,
): Matrix {
  const size = free.length;
  const rows = free.map((j) => (bets[j] as KellyBet).returns);
  const sums = new Float64Array(size * size);
  for (let k = 0; k < weights.length; k++) {
    const weight = (weights[k] as number) / (wealth[k] as number) ** 2;
    if (!(weight > 0)) continue;
    for (let a = 0; a < size; a++) {
      const ra = weight * ((rows[a] as ArrayLike<number>)[k] as number);
      for (let b = 0, at = a * size; b <= a; b++, at++)
        sums[at] = (sums[at] as number) + ra * ((rows[b] as ArrayLike<number>)[k] as number);
    }
  }
  const curvature = Matrix.zeros(size, size);
  for (let a = 0; a < size; a++) {
    curvature.set(a, a, (sums[a * size + a] as number) * (1 + RIDGE));
    for (let b = 0; b < a; b++) {
      curvature.set(a, b, sums[a * size + b] as number);
      curvature.set(b, a, sums[a * size + b] as number);
    }
  }
  return curvature;
}

/** Newton's step; nothing where two bets pay so alike that there is none. */
function newtonStep(
  curvature: Matrix,
  free: readonly number[],
  slopes: readonly number[],
): readonly number[] {
  const cholesky = new CholeskyDecomposition(curvature);
  return cholesky.isPositiveDefinite()
    ? cholesky.solve(Matrix.columnVector(free.map((j) => slopes[j] as number))).to1DArray()
    : free.map(() => 0);
}

/**
 * Each bet's own step. A bound may turn Newton's step away from the summit, this one it cannot (Bertsekas
 * 1982).
 */
const ownSteps = (curvature: Matrix, free: readonly number[], slopes: readonly number[]): readonly number[] =>
  free.map((j, a) => (slopes[j] as number) / curvature.get(a, a));
