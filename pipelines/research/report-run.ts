import type { Decision } from '../../src/domain/events/decision.ts';
import type { Known } from '../../src/domain/known.ts';
import { DOLLAR_TICKS } from '../../src/domain/money.ts';
import { HOUR } from '../../src/domain/time.ts';
import { runningTotals } from '../../src/maths/block-bootstrap.ts';
import { deflatedSharpe, luckOf, sharpeMoments } from '../../src/maths/deflated-sharpe.ts';
import { conclude } from '../../src/research/report/conclude.ts';
import { nearestRecord } from '../../src/research/report/nearest-record.ts';
import type { Deflated, TradedReport } from '../../src/research/report/run-report.ts';
import { sensitivityOf } from '../../src/research/report/sensitivity.ts';
import type { Traded } from '../../src/research/report/traded.ts';
import { profitByHour } from '../../src/research/score/profit-by-hour.ts';
import type { Provenance } from '../run/provenance.ts';
import { readDecision } from '../run/read-decision.ts';
import { type ReadSummary, readProvenance, readSummary } from '../run/read-summary.ts';
import type { RunFiles } from '../run/run-files.ts';
import { runLines } from '../run/run-lines.ts';
import { appendTrial, readLedger, trialsOf } from './ledger.ts';
import { judgedRuns, type RunScore, scoreOfJudged } from './score-run.ts';

/** All that a report tells of one run. */
export interface RunReport extends TradedReport {
  readonly run: RunFiles;
  /** What may be concluded and what not. */
  readonly conclusion: string;
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly decisions: number;
  readonly score: RunScore | undefined;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly summary: ReadSummary | undefined;
  readonly provenance: Provenance | undefined;
}

const ADVANTAGE = 0.0005;

const known = (value: number | null | undefined): Known => value ?? null;
const middle = ({ bidTicks, askTicks }: Decision): Known =>
  bidTicks === undefined || askTicks === undefined ? null : (bidTicks + askTicks) / 2 / DOLLAR_TICKS;

/** Results of a run's contracts, and the decision of each order. */
async function answersOf(run: RunFiles) {
  const results = new Map<string, 'yes' | 'no'>();
  const decisionOf = new Map<string, number>();
  for (const file of [...run.fills, ...run.orders])
    for await (const line of runLines(file)) {
      let row: Record<string, unknown>;
      try {
        row = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
      } catch {
        // The last line of a run that was killed may be torn; it says nothing.
        continue;
      }
      if (row['kind'] === 'settlement') results.set(row['ticker'] as string, row['result'] as 'yes' | 'no');
      if (row['kind'] === 'orderSent')
        decisionOf.set(row['clientOrderId'] as string, row['decisionId'] as number);
    }
  return { results, decisionOf };
}

const deviationOf = (values: readonly number[]): number | undefined => {
  if (values.length < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};

/** Enters a run into the ledger as one trial, once, and says how much of the best of all trials it is. */
function deflatedOf(
  path: string | undefined,
  run: { readonly id: string; readonly sha: string | null; readonly name: string; readonly mark: string },
  span: { readonly from: string; readonly until: string } | undefined,
  profits: readonly number[],
): Deflated {
  const moments = sharpeMoments(profits);
  let ledger = path === undefined ? { entries: [], doubt: undefined } : readLedger(path);
  const isIn = ledger.entries.some(
    ({ decisionSha256, id }) => (decisionSha256 ?? id) === (run.sha ?? run.id),
  );
  if (path !== undefined && !isIn) {
    appendTrial(path, {
      state: 'ended',
      id: run.id,
      name: run.name,
      mark: run.mark,
      from: span?.from ?? null,
      until: span?.until ?? null,
      sharpe: moments.sharpe,
      hours: moments.blocks,
      totalDollars: profits.reduce((sum, profit) => sum + profit, 0),
      decisionSha256: run.sha,
    });
    ledger = readLedger(path);
  }
  const tried = trialsOf(ledger.entries, span && { mark: run.mark, ...span });
  const trials = Math.max(1, tried.length);
  const deviation =
    deviationOf(tried.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe]))) ??
    1 / Math.sqrt(Math.max(1, moments.blocks - 1));
  const sayable = moments.sharpe !== null;
  return {
    sharpe: moments.sharpe,
    hours: moments.blocks,
    trials,
    allTrials: Math.max(1, trialsOf(ledger.entries).length),
    luck: sayable ? luckOf(trials, deviation) : null,
    deflated: deflatedSharpe(moments, trials, deviation),
    doubt: ledger.doubt,
  };
}

/**
 * Reads all that a report tells from a run's files, and enters the run into the ledger of trials if one is named.
 * Throws one sentence for a damaged summary, provenance or ledger.
 */
export async function reportRun(run: RunFiles, ledger: string | undefined): Promise<RunReport> {
  const summary = readSummary(run);
  const judged = await judgedRuns([run]);
  const { results, decisionOf } = await answersOf(run);
  const wanted = new Set(judged.fills.map(({ clientOrderId }) => decisionOf.get(clientOrderId)));
  const opinions = new Map<number, Pick<Traded, 'edgeDollars' | 'modelProbability' | 'mid'>>();
  const near = nearestRecord((ticker) => results.get(ticker));
  let [decisions, first, last] = [0, 0, 0];
  for (const file of run.decisions)
    for await (const line of runLines(file)) {
      const decision = readDecision(line);
      if (!decision) continue;
      if (decisions++ === 0) first = decision.at;
      last = decision.at;
      near.add(decision);
      if (!wanted.has(decision.id)) continue;
      const { edgeDollars, modelProbability } = decision.proposal;
      opinions.set(decision.id, { edgeDollars, modelProbability, mid: middle(decision) });
    }
  const fills: readonly Traded[] = judged.fills.map((fill) => {
    const opinion = opinions.get(decisionOf.get(fill.clientOrderId) ?? -1);
    return {
      ...fill,
      edgeDollars: known(opinion?.edgeDollars),
      modelProbability: known(opinion?.modelProbability),
      mid: known(opinion?.mid),
    };
  });
  const hours = profitByHour(fills);
  const equity = runningTotals(hours).map((total, i) => ({ at: (hours[i]?.block ?? 0) * HOUR, ...total }));
  const settled = fills.filter((fill) => fill.settled !== undefined);
  const iso = (at: number): string => new Date(at / 1_000).toISOString();
  const from = summary?.from ?? (decisions > 0 ? iso(first) : undefined);
  const until = summary?.until ?? (decisions > 0 ? iso(last) : undefined);
  const sha = summary?.decisionSha256 ?? null;
  const score = judged.rows.length === 0 ? undefined : scoreOfJudged(judged, 1, ADVANTAGE);
  const deflated = deflatedOf(
    ledger,
    {
      id: `run ${sha ?? `${from} ${decisions}`}`,
      sha,
      name: summary?.label ?? 'run',
      mark: run.mark,
    },
    from === undefined || until === undefined ? undefined : { from, until },
    hours.map(({ sum }) => sum),
  );
  const traded: TradedReport = {
    equity,
    fills: fills.length,
    openFills: fills.length - settled.length,
    closes: new Set(settled.map(({ close }) => close)).size,
    sensitivity: sensitivityOf(fills),
    ...(({ rows, nearest }) => ({ nearestRows: rows, nearest }))(near.read()),
    deflated,
  };
  return {
    ...traded,
    run,
    conclusion: conclude({ ...traded, mark: run.mark, end: run.end, score: score?.sentence }),
    ...{ from, until, decisions, score },
    leftOut: judged.leftOut,
    summary,
    provenance: readProvenance(run),
  };
}
