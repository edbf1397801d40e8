import { DOLLAR_TICKS, MICRO_DOLLARS } from '../../src/domain/money.ts';
import { MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { MOST_LATE } from '../../src/research/score/fill-marker.ts';
import { LATEST } from '../../src/research/score/live-score.ts';
import {
  MARKOUT_SECONDS,
  type MarkedFill,
  type MarkoutRow,
  markoutsOf,
} from '../../src/research/score/markouts.ts';
import { type PairedScore, pairedScore } from '../../src/research/score/paired.ts';
import { type QuoteScore, scoreQuotes } from '../../src/research/score/score-quotes.ts';
import type { ScoredQuote } from '../../src/research/score/scored-quote.ts';
import { decisionHead, readDecision } from '../run/read-decision.ts';
import type { RunFiles } from '../run/run-files.ts';
import { runLines } from '../run/run-lines.ts';

/** The score of runs by their own files. */
export interface RunScore extends QuoteScore {
  readonly runs: number;
  readonly from: string;
  readonly to: string;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly markouts: readonly MarkoutRow[];
  /** Fills of contracts that have no result yet. */
  readonly openFills: number;
}

const HUNDREDTHS = 100;

interface FillLine {
  readonly clientOrderId: string;
  readonly at: Micros;
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly priceTicks: number;
  readonly count: number;
  readonly taker: boolean;
  readonly fee: number;
}
interface Filled extends FillLine {
  readonly mids: Partial<Record<(typeof MARKOUT_SECONDS)[number], number>>;
}
interface Minute {
  readonly at: Micros;
  readonly ticker: string;
  readonly closeAt: Micros;
  readonly model: number;
  readonly blend: number;
  readonly mid: number;
}

const parsed = (line: Buffer): Record<string, unknown> | undefined => {
  try {
    return JSON.parse(line.toString('utf8')) as Record<string, unknown>;
  } catch {
    // A line that is torn says nothing.
    return undefined;
  }
};

/** Fills and results of a run. */
async function fillsOf(files: readonly string[]) {
  const fills: Filled[] = [];
  const results = new Map<string, 'yes' | 'no'>();
  for (const file of files)
    for await (const line of runLines(file)) {
      const row = parsed(line);
      if (row?.['kind'] === 'fill') fills.push({ ...(row as unknown as FillLine), mids: {} });
      else if (row?.['kind'] === 'settlement')
        results.set(row['ticker'] as string, row['result'] as 'yes' | 'no');
    }
  return { fills, results };
}

/**
 * Reads a run's decisions once: the first of each contract in each minute, and the middles that its fills ask
 * for. A line is parsed only where one of them needs it.
 */
async function minutesOf(files: readonly string[], fills: readonly Filled[], count: (why: string) => void) {
  const waiting = new Map<
    string,
    { readonly due: Micros; readonly seconds: (typeof MARKOUT_SECONDS)[number]; readonly fill: Filled }[]
  >();
  for (const fill of fills)
    for (const seconds of MARKOUT_SECONDS) {
      const asked = waiting.get(fill.ticker) ?? [];
      asked.push({ due: fill.at + seconds * SECOND, seconds, fill });
      waiting.set(fill.ticker, asked);
    }
  for (const asked of waiting.values()) asked.sort((a, b) => a.due - b.due);
  const last = new Map<string, Micros>();
  const closes = new Map<string, Micros>();
  const minutes: Minute[] = [];
  for (const file of files)
    for await (const line of runLines(file)) {
      const head = decisionHead(line);
      if (!head) continue;
      const { at, ticker } = head;
      const minute = Math.floor(at / MINUTE) * MINUTE;
      const isFirst = last.get(ticker) !== minute && at - minute <= LATEST;
      const asked = waiting.get(ticker);
      const isAsked = asked?.[0] !== undefined && asked[0].due <= at;
      if (!isFirst && !isAsked) continue;
      const decision = readDecision(line);
      if (!decision) continue;
      const { bidTicks, askTicks, proposal, findings } = decision;
      const mid =
        bidTicks === undefined || askTicks === undefined || bidTicks > askTicks
          ? undefined
          : (bidTicks + askTicks) / 2 / DOLLAR_TICKS;
      while (asked?.[0] !== undefined && asked[0].due <= at) {
        const { due, seconds, fill } = asked.shift() as (typeof asked)[number];
        if (mid !== undefined && at - due <= MOST_LATE) fill.mids[seconds] = mid;
      }
      const toClose = findings.find(({ check }) => check === 'toCloseMin')?.observed;
      if (toClose !== null && toClose !== undefined)
        closes.set(ticker, Math.round((at + toClose) / SECOND) * SECOND);
      if (!isFirst) continue;
      last.set(ticker, minute);
      const closeAt = closes.get(ticker);
      const { modelProbability, probability } = proposal;
      if (mid === undefined) count('one side of the book is empty, or it is crossed');
      else if (modelProbability === null || probability === null) count('not priced');
      else if (closeAt === undefined) count('its close is not known');
      else minutes.push({ at, ticker, closeAt, model: modelProbability, blend: probability, mid });
    }
  return { minutes, closes };
}

/** A fill with the order that it was of. */
export interface OrderFill extends MarkedFill {
  readonly clientOrderId: string;
  readonly ticker: string;
}

/** What runs decided and traded, beside what came. */
export interface JudgedRuns {
  readonly rows: readonly ScoredQuote[];
  readonly fills: readonly OrderFill[];
  /** How many minutes could not be scored, by the reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/**
 * Reads runs for their score: the first decision of each contract in each minute with the blend that it was made on,
 * and every fill with what it was worth later. Strikes of one series and close are one observation.
 */
export async function judgedRuns(runs: readonly RunFiles[]): Promise<JudgedRuns> {
  const leftOut: Record<string, number> = {};
  const count = (why: string): void => {
    leftOut[why] = (leftOut[why] ?? 0) + 1;
  };
  const rows: ScoredQuote[] = [];
  const marked: OrderFill[] = [];
  for (const run of runs) {
    const { fills, results } = await fillsOf(run.fills);
    const { minutes, closes } = await minutesOf(run.decisions, fills, count);
    const closeOf = (ticker: string, closeAt: Micros | undefined): string =>
      closeAt === undefined ? ticker : `${ticker.split('-')[0]} ${closeAt}`;
    for (const minute of minutes) {
      const result = results.get(minute.ticker);
      if (result === undefined) count('the contract has not settled');
      else rows.push({ ...minute, close: closeOf(minute.ticker, minute.closeAt), yes: result === 'yes' });
    }
    for (const fill of fills) {
      const closeAt = closes.get(fill.ticker);
      const result = results.get(fill.ticker);
      marked.push({
        clientOrderId: fill.clientOrderId,
        ticker: fill.ticker,
        at: fill.at,
        closeAt,
        close: closeOf(fill.ticker, closeAt),
        side: fill.side,
        taker: fill.taker,
        price: fill.priceTicks / DOLLAR_TICKS,
        contracts: fill.count / HUNDREDTHS,
        feeDollars: fill.fee / MICRO_DOLLARS,
        mids: fill.mids,
        settled: result === undefined ? undefined : result === 'yes' ? 1 : 0,
      });
    }
  }
  return { rows, fills: marked, leftOut };
}

/** Scores what was read of runs. Throws if no contract of them has settled. */
export function scoreOfJudged(
  { rows, fills, leftOut }: JudgedRuns,
  runs: number,
  advantage: number,
): RunScore {
  const from = rows.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const to = rows.reduce((most, { at }) => Math.max(most, at), 0);
  const iso = (at: Micros): string => new Date(at / 1_000).toISOString();
  return {
    runs,
    from: iso(from),
    to: iso(to),
    leftOut,
    ...scoreQuotes(rows, { blend: () => Number.NaN, advantage }),
    markouts: markoutsOf(fills),
    openFills: fills.filter(({ settled }) => settled === undefined).length,
  };
}

/** The same, where something has settled. Throws one sentence where nothing has. */
async function settledRuns(runs: readonly RunFiles[]): Promise<JudgedRuns> {
  const judged = await judgedRuns(runs);
  if (judged.rows.length === 0)
    throw new Error(
      `score: no contract that ${runs.map(({ folder }) => folder).join(', ')} decided on has settled there; give --quotes and --settled, or a longer run`,
    );
  return judged;
}

/** Scores the model against the market by the files of runs. Throws one sentence if no contract has settled. */
export const scoreRuns = async (runs: readonly RunFiles[], advantage: number): Promise<RunScore> =>
  scoreOfJudged(await settledRuns(runs), runs.length, advantage);

/**
 * Compares the models of two runs of one time on the minutes that both decided on. Throws one sentence where
 * they share none.
 */
export async function scorePair(
  first: readonly RunFiles[],
  second: readonly RunFiles[],
): Promise<PairedScore> {
  return pairedScore((await settledRuns(first)).rows, (await settledRuns(second)).rows);
}
