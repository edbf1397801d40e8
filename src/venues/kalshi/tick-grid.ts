import type { TickBand } from '../../domain/contracts.ts';
import { DOLLAR_TICKS, type PriceTicks } from '../../domain/money.ts';

/**
 * Whether an order may carry this price: strictly between zero and one dollar, and a whole number of steps
 * from the start of a band that holds it. Both ends of a band belong to it, so bands may share an end
 * (Kalshi's `price_ranges`, docs.kalshi.com market object).
 */
export function onGrid(bands: readonly TickBand[], ticks: number): boolean {
  if (!(ticks > 0 && ticks < DOLLAR_TICKS)) return false;
  return bands.some(
    ({ startTicks, endTicks, stepTicks }) =>
      ticks >= startTicks && ticks <= endTicks && (ticks - startTicks) % stepTicks === 0,
  );
}

/**
 * Highest allowed price not above `ticks`, which may be fractional; undefined where there is none, and for
 * NaN.
 */
export function floorToGrid(bands: readonly TickBand[], ticks: number): PriceTicks | undefined {
  let best: number | undefined;
  for (const { startTicks, endTicks, stepTicks } of bands) {
    const top = Math.min(ticks, endTicks, DOLLAR_TICKS - 1);
    const price = startTicks + Math.floor((top - startTicks) / stepTicks) * stepTicks;
    if (price >= startTicks && price > 0 && (best === undefined || price > best)) best = price;
  }
  return best as PriceTicks | undefined;
}

/**
 * Lowest allowed price not below `ticks`, which may be fractional; undefined where there is none, and for
 * NaN.
 */
export function ceilToGrid(bands: readonly TickBand[], ticks: number): PriceTicks | undefined {
  let best: number | undefined;
  for (const { startTicks, endTicks, stepTicks } of bands) {
    const bottom = Math.max(ticks, startTicks, 1);
    const price = startTicks + Math.ceil((bottom - startTicks) / stepTicks) * stepTicks;
    if (price <= endTicks && price < DOLLAR_TICKS && (best === undefined || price < best)) best = price;
  }
  return best as PriceTicks | undefined;
}
