import type { Decision } from '../../domain/events/decision.ts';
import { type Known, known } from '../../domain/known.ts';
import { DOLLAR_TICKS } from '../../domain/money.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import { scoreQuotes } from './score-quotes.ts';
import type { ScoredQuote } from './scored-quote.ts';

/** The advantage in log-loss that the quarter-hours of six weeks could show. */
export const ADVANTAGE = 0.0005;
/** A decision counts for the whole minute before it if it was made so soon after. */
export const LATEST = 15 * SECOND;
const MOST_OPEN = 2_000;
const MOST_ROWS = 10_000;

/** Model against market on a lane's own decisions whose contracts have settled. What is not known is null. */
export interface LiveScore {
  /** What may be concluded. */
  readonly sentence: string;
  readonly markets: number;
  /** Contracts of one series that close together are one observation. */
  readonly closes: number;
  readonly rows: number;
  /** Closes that were scored earlier and are no longer counted. */
  readonly forgotten: number;
  readonly logLoss: { readonly model: number; readonly mid: number; readonly blend: number };
  /** Blend minus mid in log-loss, below zero is better than the market; its standard error by close. */
  readonly blendMinusMid: Known;
  readonly standardError: Known;
  /** Weight of the model that would have been best, and its standard error by close. */
  readonly weight: Known;
  readonly weightError: Known;
  /** Of what came on the probability, in logits: 1 is right, less is too sure. */
  readonly slope: Readonly<Record<'model' | 'mid' | 'blend', Known>>;
  readonly brier: Readonly<Record<'model' | 'mid' | 'blend', Known>>;
  readonly marketsNeeded: Known;
}

/** Scores a lane while it runs. */
export interface LiveScorer {
  /** `closeAt` is the close of the decision's contract; without it the decision is left out. */
  readonly decided: (decision: Decision, closeAt: Micros | undefined) => void;
  readonly settled: (ticker: string, result: 'yes' | 'no') => void;
  /** The score over all that has settled; undefined if nothing has since the last call. */
  readonly read: () => LiveScore | undefined;
}

type Open = Omit<ScoredQuote, 'yes'>;

const scoreOf = (rows: readonly ScoredQuote[], advantage: number, forgotten: number): LiveScore => {
  const score = scoreQuotes(rows, { blend: () => Number.NaN, advantage });
  const { overall, weight, calibration } = score;
  const each = (of: (name: 'model' | 'mid' | 'blend') => number) => ({
    model: known(of('model')),
    mid: known(of('mid')),
    blend: known(of('blend')),
  });
  return {
    sentence: score.sentence,
    markets: score.markets,
    closes: score.closes,
    rows: score.rows,
    forgotten,
    logLoss: overall.logLoss,
    blendMinusMid: known(overall.blendMinusMid),
    standardError: known(overall.standardError),
    weight: known(weight.value),
    weightError: known(weight.standardError),
    slope: each((name) => calibration[name].slope),
    brier: each((name) => calibration[name].brier),
    marketsNeeded: known(score.marketsNeeded),
  };
};

/**
 * The same rows as `voltage score --run` takes of a run's files: the first decision of each contract in each
 * minute. It is bounded: of the closes that have settled it keeps the newest `mostRows`, and of contracts that never
 * settle two thousand.
 */
export function liveScorer(advantage: number = ADVANTAGE, mostRows: number = MOST_ROWS): LiveScorer {
  const open = new Map<string, { minute: number; readonly rows: Open[] }>();
  let rows: ScoredQuote[] = [];
  let forgotten = 0;
  let changed = false;
  return {
    decided: ({ at, ticker, bidTicks, askTicks, proposal }, closeAt) => {
      const minute = Math.floor(at / MINUTE);
      const kept = open.get(ticker) ?? { minute: Number.NaN, rows: [] };
      if (kept.minute === minute || at - minute * MINUTE > LATEST) return;
      kept.minute = minute;
      if (!open.has(ticker) && open.size >= MOST_OPEN) open.delete(open.keys().next().value as string);
      open.set(ticker, kept);
      const { modelProbability: model, probability } = proposal;
      if (bidTicks === undefined || askTicks === undefined || bidTicks > askTicks) return;
      if (model === null || probability === null || closeAt === undefined) return;
      kept.rows.push({
        ...{ at, ticker, closeAt, model, blend: probability },
        close: `${ticker.split('-')[0]} ${closeAt}`,
        mid: (bidTicks + askTicks) / 2 / DOLLAR_TICKS,
      });
    },
    settled: (ticker, result) => {
      const own = open.get(ticker)?.rows ?? [];
      open.delete(ticker);
      if (own.length === 0) return;
      for (const row of own) rows.push({ ...row, yes: result === 'yes' });
      changed = true;
      while (rows.length > mostRows) {
        const [first] = rows;
        const rest = rows.filter(({ close }) => close !== first?.close);
        if (rest.length === 0) break;
        rows = rest;
        forgotten++;
      }
    },
    read: () => {
      if (!changed) return undefined;
      changed = false;
      return scoreOf(rows, advantage, forgotten);
    },
  };
}
