import type { TickBand } from '../../domain/contracts.ts';
import { DOLLAR_TICKS, type PriceTicks } from '../../domain/money.ts';
import { decimal } from './decimal.ts';

/** The venue uses up to three. */
const MOST_RANGES = 100;

/**
 * Reads Kalshi's `price_ranges` as bands, or returns why that is not possible. Two bands may share an end,
 * which then belongs to both.
 */
export function tickBandsOf(
  ranges: readonly {
    readonly start: string | number;
    readonly end: string | number;
    readonly step: string | number;
  }[],
): readonly TickBand[] | string {
  if (ranges.length > MOST_RANGES) return `must be at most ${MOST_RANGES} ranges, were ${ranges.length}`;
  const bands: TickBand[] = [];
  for (const { start, end, step } of ranges) {
    const startTicks = decimal(start, 4);
    const endTicks = decimal(end, 4);
    const stepTicks = decimal(step, 4);
    if (startTicks === undefined || endTicks === undefined || stepTicks === undefined)
      return `a range must be in steps of 0.0001, was ${start} to ${end} by ${step}`;
    if (!(startTicks >= 0 && startTicks < endTicks && endTicks <= DOLLAR_TICKS && stepTicks > 0))
      return `a range must rise within the dollar, was ${start} to ${end} by ${step}`;
    bands.push({
      startTicks: startTicks as PriceTicks,
      endTicks: endTicks as PriceTicks,
      stepTicks: stepTicks as PriceTicks,
    });
  }
  return bands.length === 0 ? 'must not be empty' : bands;
}
