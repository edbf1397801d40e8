import { SETTLEMENT_PRINTS } from '../domain/settlement-sums.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import {
  type CloseMoments,
  fourths,
  meanOfPrints,
  newestIndex,
  openMoments,
  printsToCome,
  type SettlementInput,
  squares,
  unpriced,
} from './close-moments.ts';
import type { PricingSettings } from './settings.ts';

/** A quarter-hour contract's floor is the settlement value of the close this long before its own. */
export const QUARTER_HOUR = 15 * MINUTE;

const WINDOW = SETTLEMENT_PRINTS * SECOND;

/**
 * The distribution for a quarter-hour contract whose floor is not settled yet. Floor and settlement value are
 * both unknown, so `floorUnits` is the expected floor, and the variances are of the log of their ratio.
 *
 * Let A₀ be the sum of the floor's prints already seen, n₀ the number still to come and M₀ the mean of those.
 * Then the floor is (A₀ + n₀·M₀)/60. A step of the index after k of the n₀ prints moves the ratio by 1 −
 * (n₀−k)/60 of the step. A step before all of them moves it by 1 − n₀/60, which is 0 while the floor's whole
 * window lies ahead. With a constant σ² a second the variance is then σ²·880 s, at any time before that
 * window.
 */
export function quarterMoments(input: SettlementInput, settings: PricingSettings['law']): CloseMoments {
  const { closeAt, now, path } = input;
  const floorAt = closeAt - QUARTER_HOUR;
  if (!(now < floorAt)) return unpriced('floorUnknown');
  const base = newestIndex(input);
  if (base === undefined) return unpriced('noIndex');
  if (base.source === 'twin' && floorAt - now <= WINDOW) return unpriced('twinNearClose');
  const open = printsToCome(input.prints, floorAt, base.at, settings.printLagMicros);
  if (open === undefined) return unpriced('printMissing');

  const floor = meanOfPrints(path, base.at, open.nextAt, open.remaining);
  const value = meanOfPrints(path, base.at, closeAt - WINDOW, SETTLEMENT_PRINTS);
  const share = open.remaining / SETTLEMENT_PRINTS;
  const seen = SETTLEMENT_PRINTS - open.remaining;
  const beforeSeconds = Math.max(0, open.nextAt - base.at) / SECOND;
  const betweenSeconds = (closeAt - WINDOW - (floorAt - SECOND)) / SECOND;
  // Weights in sixtieths: 60−n₀+1 … 59 for the steps of the floor's prints to come, and 59 … 1 for those of
  // the settlement value.
  const last = SETTLEMENT_PRINTS - 1;
  const floorSquare = squares(last) - squares(seen);
  const floorFourth = fourths(last) - fourths(seen);
  return openMoments({
    closeAt,
    base,
    seenUnits: 0,
    remaining: SETTLEMENT_PRINTS,
    diffusion: value.variance + share ** 2 * floor.variance - 2 * share * floor.average,
    indexVariance: base.variance * (1 - share) ** 2,
    logDrift: -0.5 * (value.variance - share ** 2 * floor.variance),
    steps: {
      square:
        beforeSeconds * (1 - share) ** 2 +
        betweenSeconds +
        (floorSquare + squares(last)) / SETTLEMENT_PRINTS ** 2,
      fourth:
        beforeSeconds * (1 - share) ** 4 +
        betweenSeconds +
        (floorFourth + fourths(last)) / SETTLEMENT_PRINTS ** 4,
    },
    tails: input.tails,
    floorUnits: open.seenUnits / SETTLEMENT_PRINTS + share * base.units,
  });
}
