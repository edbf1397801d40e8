import type { Decision } from '../../domain/events/decision.ts';
import { MINUTE } from '../../domain/time.ts';
import { reasonsOf } from '../../risk/reasons-of.ts';
import { counterfactual, type NearestChange, type NearestRow, nearestChange } from './nearest-change.ts';

interface Tally {
  refused: number;
  readonly amounts: Record<NearestChange['kind'], number[]>;
}

const MOST_TOLD = 20;

const median = (values: readonly number[]): number | undefined => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length === 0
    ? undefined
    : ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2;
};

/**
 * Keeps how near a run's refusals were to orders. Each contract counts once a minute for a reason, by its first
 * refusal, so that a check which refuses every second does not count each time.
 */
export function nearestRecord(resultOf: (ticker: string) => 'yes' | 'no' | undefined): {
  readonly add: (decision: Decision) => void;
  readonly read: () => { readonly rows: readonly NearestRow[]; readonly nearest: readonly NearestChange[] };
} {
  const tallies = new Map<string, Tally>();
  const minutes = new Map<string, number>();
  let nearest: (NearestChange & { readonly scale: number })[] = [];
  return {
    add: (decision) => {
      const [reason] = reasonsOf(decision);
      if (decision.verdict === 'approved' || reason === undefined) return;
      const minute = Math.floor(decision.at / MINUTE);
      const key = `${decision.ticker} ${reason}`;
      if (minutes.get(key) === minute) return;
      minutes.set(key, minute);
      const tally = tallies.get(reason) ?? { refused: 0, amounts: { price: [], volatility: [], time: [] } };
      tallies.set(reason, tally);
      tally.refused++;
      const change = nearestChange(decision);
      if (!change) return;
      tally.amounts[change.kind].push(change.amount);
      if (change.kind === 'time') return;
      const { id: decisionId, at, ticker, proposal } = decision;
      const told = {
        ...{ ticker, at, decisionId, side: proposal.side, scale: change.amount },
        ...change,
        wouldDollars: counterfactual(decision, resultOf(ticker)),
      };
      const same = nearest.findIndex((each) => each.ticker === ticker);
      if (same >= 0 && (nearest[same]?.scale ?? 0) <= told.scale) return;
      if (same >= 0) nearest.splice(same, 1);
      nearest.push(told);
      if (nearest.length > 4 * MOST_TOLD)
        nearest = nearest.sort((one, other) => one.scale - other.scale).slice(0, MOST_TOLD);
    },
    read: () => ({
      rows: [...tallies]
        .map(([reason, { refused, amounts }]) => ({
          reason,
          refused,
          turnedBy: {
            price: amounts.price.length,
            volatility: amounts.volatility.length,
            time: amounts.time.length,
          },
          cents: median(amounts.price),
          percent: median(amounts.volatility),
          seconds: median(amounts.time),
        }))
        .sort((one, other) => other.refused - one.refused),
      nearest: nearest
        .sort((one, other) => one.scale - other.scale)
        .slice(0, MOST_TOLD)
        .map(({ scale: _, ...change }) => change),
    }),
  };
}
