import type { Contract } from '../domain/contracts.ts';
import { SETTLEMENT_PRINTS, settlementSums } from '../domain/settlement-sums.ts';
import {
  type CloseMoments,
  closeMoments,
  type OpenMoments,
  type SettlementInput,
  type Unpriced,
  unpriced,
} from './close-moments.ts';
import { QUARTER_HOUR, quarterMoments } from './quarter-moments.ts';
import type { PricingSettings } from './settings.ts';

/** The probability of YES under the distribution of the settlement value. */
export interface Priced {
  readonly kind: 'priced';
  /** In [0, 1]. It is 0 or 1 once the settlement value is certain. */
  readonly probability: number;
  /**
   * Standard deviation of the log of the part that is still open, and the effective number of seconds by
   * which its tail was chosen.
   */
  readonly sdLog: number;
  readonly spanSeconds: number;
  /** Derivatives of the probability by the log of the forecast volatility and by the log of the index. */
  readonly logVolatilitySlope: number;
  readonly logIndexSlope: number;
  /** Standard deviation of the log error of the index itself. `sdLog` includes it. */
  readonly indexSdLog: number;
}

/** A probability, or the reason why there is none. It is never NaN. */
export type ContractPrice = Priced | Unpriced;

/**
 * The distribution that prices one contract. If its strike is known, this is `shared`, the one of its close.
 * A quarter-hour contract whose floor has settled but is not published yet takes its floor from the prints.
 * One whose floor is still open gets a distribution of its own.
 */
export function momentsOf(
  contract: Contract,
  input: SettlementInput,
  settings: PricingSettings['law'],
  shared: CloseMoments = closeMoments(input, settings),
): CloseMoments {
  if (contract.floorUnits !== undefined || contract.strikeType !== 'greater_or_equal') return shared;
  const floorUnits = input.prints.settledValueUnits(contract.closeAt - QUARTER_HOUR);
  if (floorUnits === undefined) return quarterMoments(input, settings);
  return shared.kind === 'unpriced' ? shared : { ...shared, floorUnits };
}

/**
 * Probability that `contract` settles YES. Rounding is part of the law where the series rounds
 * (`settlementSums`).
 */
export function probabilityOf(contract: Contract, moments: CloseMoments): ContractPrice {
  if (moments.kind === 'unpriced') return moments;
  const bounds = settlementSums(
    contract.floorUnits === undefined ? { ...contract, floorUnits: moments.floorUnits } : contract,
  );
  if (bounds === undefined || !(bounds.from < bounds.to)) return unpriced('noStrike');
  if (moments.kind === 'settled') {
    const sum = moments.sumUnits ?? SETTLEMENT_PRINTS * moments.valueUnits;
    return certain(sum >= bounds.from && sum < bounds.to);
  }
  const from = reach(moments, bounds.from);
  const to = reach(moments, bounds.to);
  const probability = Math.max(0, from.probability - to.probability);
  // A comparison with NaN is false, so any NaN from above is caught here.
  if (!(probability >= 0 && probability <= 1)) return unpriced('notANumber');
  const volatilityShare = moments.diffusion / moments.sdLog ** 2;
  return {
    kind: 'priced',
    probability,
    sdLog: moments.sdLog,
    spanSeconds: moments.spanSeconds,
    logVolatilitySlope: (from.volatilitySlope - to.volatilitySlope) * volatilityShare,
    logIndexSlope: from.indexSlope - to.indexSlope,
    indexSdLog: Math.sqrt(moments.indexVariance),
  };
}

const ALWAYS = { probability: 1, volatilitySlope: 0, indexSlope: 0 };
const NEVER = { probability: 0, volatilitySlope: 0, indexSlope: 0 };

/**
 * Probability that the sum of the sixty prints reaches `sumUnits`, and its slopes by the logs of volatility and
 * index.
 */
export function reach(moments: OpenMoments, sumUnits: number) {
  const needed = sumUnits - moments.seenUnits;
  // Prices are positive, so a sum that is already reached stays reached.
  if (needed <= 0) return ALWAYS;
  if (needed === Number.POSITIVE_INFINITY) return NEVER;
  const deviation = moments.sdLog * moments.scale;
  const z = Math.log(needed / (moments.remaining * moments.centreUnits)) / deviation;
  const density = moments.law.pdf(z);
  return {
    probability: moments.law.cdf(-z),
    volatilitySlope: z * density,
    indexSlope: density / deviation,
  };
}

const certain = (yes: boolean): Priced => ({
  kind: 'priced',
  probability: yes ? 1 : 0,
  sdLog: 0,
  spanSeconds: 0,
  logVolatilitySlope: 0,
  logIndexSlope: 0,
  indexSdLog: 0,
});
