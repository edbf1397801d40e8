import { type Bounds, padded } from './scale.ts';

/**
 * Bounds of the price axis: what is drawn, with a margin, and the strike nearest to it if that does not make the
 * drawn part smaller than two thirds of the height.
 */
export function priceRange(low: number, high: number, strikes: readonly number[]): Bounds {
  const distance = (strike: number): number => Math.max(low - strike, strike - high, 0);
  let nearest: number | undefined;
  for (const strike of strikes)
    if (nearest === undefined || distance(strike) < distance(nearest)) nearest = strike;
  const near = nearest !== undefined && distance(nearest) <= (high - low) / 2 ? [nearest] : [];
  return padded([low, high, ...near], 0.08);
}
