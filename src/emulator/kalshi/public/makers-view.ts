import { DOLLAR_TICKS } from '../../../domain/money.ts';
import { type Micros, SECOND } from '../../../domain/time.ts';
import type { IndexPrints } from '../../world/index-prints.ts';
import type { Random } from '../../world/random.ts';
import type { EmulatedContract } from './contract.ts';
import { fairProbability, settlementLaw } from './fair.ts';

/** Data on the index in addition to its prints. */
export interface KalshiSources {
  readonly prints: IndexPrints;
  /** Expected variance of the log index between two times, from now. */
  readonly expectedVariance: (from: Micros, to: Micros) => number;
}

/** The makers' opinion: the right law, with a volatility that is wrong by a factor. */
export interface MakersView {
  /** Moves the opinions on by one second and drops closes that are past. */
  readonly tick: (at: Micros) => void;
  /** Fair YES price in ticks, and the deviation of its change over one second. */
  readonly fair: (
    contract: EmulatedContract,
    at: Micros,
    spotUnits: number,
  ) => { readonly ticks: number; readonly moveTicks: number };
}

const NOISE_LIFE_SECONDS = 600;
/** Weights of the common error of all closes and of the error of each close; their squares sum to about 1. */
const COMMON = 0.9;
const OWN = 0.44;

interface Opinion {
  varianceRate: number;
  noise: number;
}

/** One opinion for each close. `impliedNoise` is the deviation of the log of their volatility's error. */
export function makersView(
  impliedNoise: number,
  random: Random,
  { prints, expectedVariance }: KalshiSources,
): MakersView {
  const opinions = new Map<Micros, Opinion>();
  const keep = Math.exp(-1 / NOISE_LIFE_SECONDS);
  const wander = (noise: number) => noise * keep + Math.sqrt(1 - keep * keep) * random.normal();
  let common = random.normal();

  const refresh = (opinion: Opinion, at: Micros, closeAt: Micros) => {
    const error = impliedNoise * (COMMON * common + OWN * opinion.noise);
    const seconds = Math.max(1, (closeAt - at) / SECOND);
    opinion.varianceRate = (expectedVariance(at, closeAt) / seconds) * Math.exp(2 * error);
  };
  const varianceRate = (at: Micros, closeAt: Micros): number => {
    const known = opinions.get(closeAt);
    if (known) return known.varianceRate;
    const opinion = { varianceRate: 0, noise: random.normal() };
    refresh(opinion, at, closeAt);
    opinions.set(closeAt, opinion);
    return opinion.varianceRate;
  };
  return {
    tick: (at) => {
      common = wander(common);
      for (const [closeAt, opinion] of opinions) {
        opinion.noise = wander(opinion.noise);
        if (closeAt <= at) opinions.delete(closeAt);
        else refresh(opinion, at, closeAt);
      }
    },
    fair: (contract, at, spotUnits) => {
      const rate = varianceRate(at, contract.closeAt);
      const price = (units: number) =>
        DOLLAR_TICKS * fairProbability(contract, settlementLaw(contract.closeAt, at, units, rate, prints));
      const ticks = price(spotUnits);
      return { ticks, moveTicks: Math.abs(price(spotUnits * (1 + Math.sqrt(rate))) - ticks) };
    },
  };
}
