import { type Decided, type DecisionAt, decisionAt, spanOf } from '../../pipelines/run/find-decision.ts';
import type { RunFiles } from '../../pipelines/run/run-files.ts';
import type { Micros } from '../domain/time.ts';
import { UsageError } from './usage.ts';

/** A run, the time of its decisions, and what they say of a contract. */
export interface ChosenAnswer extends Decided {
  readonly run: RunFiles;
  /** The time that was asked for; undefined for the latest. */
  readonly at: Micros | undefined;
  readonly found: DecisionAt;
  /** Runs that were written later and were passed over. */
  readonly newer: number;
}

/** How well a run answers, the best first. */
function rankOf({ first, last, at, found }: Omit<ChosenAnswer, 'newer'>): number {
  const isInside = at === undefined || (at >= first && at <= last);
  if (isInside && found.inForce) return 0;
  const knows = found.inForce !== undefined || found.nextAt !== undefined;
  if (isInside && knows) return 1;
  return knows ? 2 : 3;
}

/**
 * Of several runs, the newest first, the first that had decided on the contract by the time and was still
 * running then; else one that decided on it later in that run; else one that decided on it at all; else the
 * newest. `timeOf` reads the time once a run's span is known. Throws UsageError if none has decided anything,
 * and what `timeOf` throws.
 */
export async function chooseAnswer(
  runs: readonly RunFiles[],
  ticker: string,
  timeOf: (span: Decided) => Micros | undefined,
): Promise<ChosenAnswer> {
  let best: ChosenAnswer | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  let newer = 0;
  for (const run of runs) {
    const span = await spanOf(run.decisions);
    if (!span) continue;
    const at = timeOf(span);
    const found = await decisionAt(run.decisions, ticker, at ?? Number.MAX_SAFE_INTEGER);
    const answer = { run, ...span, at, found, newer: newer++ };
    const rank = rankOf(answer);
    if (rank >= bestRank) continue;
    best = answer;
    bestRank = rank;
    if (rank === 0) break;
  }
  if (best) return best;
  throw new UsageError(
    `${runs[0]?.folder} holds a run that has decided nothing yet; there is nothing to explain`,
  );
}
