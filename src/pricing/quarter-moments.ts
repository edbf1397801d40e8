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
import { SETTLEMENT_PRINTS } from './print-window.ts';
import type { PricingSettings } from './settings.ts';

/** A KXBTC15M contract's floor is what the close this long before its own settled at. */
export const QUARTER_HOUR = 15 * MINUTE;

const WINDOW = SETTLEMENT_PRINTS * SECOND;

/**
 * The law of a quarter-hour contract whose floor is not settled yet: floor and settlement value are both unknown, so `floorUnits` is the
 * expected floor and the variances are of the log of their ratio.
 *
 * With A₀ the sum of the floor's prints seen, n₀ to come and M₀ their mean, the floor is (A₀ + n₀·M₀)/60. A step of the index after k of these
 * moves the ratio by 1 − (n₀−k)/60, and one before all of them by 1 − n₀/60: nothing while the whole window lies ahead. At constant σ² the
 * variance is then σ²·880 s, whatever the lead.
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
  // Weights in sixtieths: 60−n₀+1 … 59 over the floor's steps to come, and 59 … 1 over the value's.
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
    tail: input.tail,
    floorUnits: open.seenUnits / SETTLEMENT_PRINTS + share * base.cents,
  });
}
