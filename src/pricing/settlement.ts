import type { Contract } from '../domain/contracts.ts';
import {
  type CloseMoments,
  closeMoments,
  type OpenMoments,
  type SettlementInput,
  type Unpriced,
  unpriced,
} from './close-moments.ts';
import { SETTLEMENT_PRINTS } from './print-window.ts';
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
 * Probability that `contract` settles YES.
 *
 * In units of the index, with S the sum of the sixty prints, rounding half up is part of the law: V ≥ K ⇔ S ≥
 * 60(K − ½), V > K ⇔ S ≥ 60(K + ½).
 */
export function probabilityOf(contract: Contract, moments: CloseMoments): ContractPrice {
  if (moments.kind === 'unpriced') return moments;
  const bounds = boundsOf(contract, moments.floorUnits);
  if (bounds === undefined || !(bounds.from < bounds.to)) return unpriced('noStrike');
  if (moments.kind === 'settled') {
    const sum = SETTLEMENT_PRINTS * moments.valueUnits;
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

/** YES if and only if the sum of the sixty prints, in units of the index, lies in [from, to). */
function boundsOf(contract: Contract, knownFloorUnits: number | undefined) {
  const floor = contract.floorUnits ?? knownFloorUnits;
  const cap = contract.capUnits;
  const half = SETTLEMENT_PRINTS / 2;
  const above = (units: number | undefined, offset: number) =>
    units === undefined
      ? undefined
      : { from: SETTLEMENT_PRINTS * units + offset, to: Number.POSITIVE_INFINITY };
  const below = (units: number | undefined, offset: number) =>
    units === undefined
      ? undefined
      : { from: Number.NEGATIVE_INFINITY, to: SETTLEMENT_PRINTS * units + offset };
  switch (contract.strikeType) {
    case 'greater':
      return above(floor, half);
    case 'greater_or_equal':
      return above(floor, -half);
    case 'less':
      return below(cap, -half);
    case 'less_or_equal':
      return below(cap, half);
    case 'between':
      if (floor === undefined || cap === undefined) return undefined;
      return { from: SETTLEMENT_PRINTS * floor - half, to: SETTLEMENT_PRINTS * cap + half };
  }
}

const ALWAYS = { probability: 1, volatilitySlope: 0, indexSlope: 0 };
const NEVER = { probability: 0, volatilitySlope: 0, indexSlope: 0 };

/** Probability that the sum of the sixty prints reaches `sumUnits`, and its slopes. */
function reach(moments: OpenMoments, sumUnits: number) {
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
