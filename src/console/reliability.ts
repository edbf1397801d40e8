import type { Decision } from '../domain/events/decision.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import type { ReliabilityBin } from './state.ts';

/** How often what was called likely has come. */
export interface Reliability {
  /** `closeAt` is the close of the decision's contract; undefined where its terms are not known. */
  readonly decided: (decision: Decision, closeAt: Micros | undefined) => void;
  readonly settled: (ticker: string, result: 'yes' | 'no') => void;
  /** All bins that hold something; undefined if nothing changed since the last call. */
  readonly read: () => readonly ReliabilityBin[] | undefined;
}

/** A contract is judged by what was said of it this long before its close, when it was still open. */
export const RELIABILITY_LEAD = 5 * MINUTE;
const BINS = 10;
const MOST_OPEN = 2_000;

/**
 * One observation a contract: the probability of YES, after blending, of the last decision that lay at least
 * five minutes before the close. So a contract that is judged a hundred times counts once, and a price that
 * is nearly settled does not count as foresight.
 */
export function reliability(): Reliability {
  const said = new Map<string, number>();
  const bins = Array.from({ length: BINS }, () => ({ count: 0, probability: 0, yes: 0 }));
  let changed = false;
  return {
    decided: ({ ticker, at, proposal }, closeAt) => {
      const { probability } = proposal;
      if (closeAt === undefined || at > closeAt - RELIABILITY_LEAD || probability === null) return;
      if (!said.has(ticker) && said.size >= MOST_OPEN) said.delete(said.keys().next().value as string);
      said.set(ticker, probability);
    },
    settled: (ticker, result) => {
      const probability = said.get(ticker);
      said.delete(ticker);
      const bin =
        probability === undefined ? undefined : bins[Math.min(BINS - 1, Math.floor(probability * BINS))];
      if (!bin || probability === undefined) return;
      bin.count++;
      bin.probability += probability;
      if (result === 'yes') bin.yes++;
      changed = true;
    },
    read: () => {
      if (!changed) return undefined;
      changed = false;
      return bins.flatMap(({ count, probability, yes }, i) =>
        count === 0
          ? []
          : [
              {
                from: i / BINS,
                to: (i + 1) / BINS,
                count,
                meanProbability: probability / count,
                shareYes: yes / count,
              },
            ],
      );
    },
  };
}
