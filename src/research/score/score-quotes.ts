import { MINUTE } from '../../domain/time.ts';
import { studentQuantile } from '../../maths/student-quantile.ts';
import { type BlendWeight, blendWeight, dayOf } from './blend-weight.ts';
import { type Calibration, calibrationOf } from './calibration.ts';
import { type ClusteredMean, clusteredMean } from './clustered.ts';
import { heldProbability, logLossOf, type ScoredQuote } from './scored-quote.ts';

/** Log-loss of model, mid and blend over some of the rows; each close counts once. */
export interface LossRow {
  readonly markets: number;
  readonly closes: number;
  readonly rows: number;
  readonly logLoss: { readonly model: number; readonly mid: number; readonly blend: number };
  /** Mean difference of log-loss: negative is better than the mid. Standard errors clustered by close, by day. */
  readonly blendMinusMid: number;
  readonly standardError: number;
  readonly standardErrorByDay: number;
}

/** Rows by time to the close, from `fromMinutes` up to, not including, `toMinutes`. */
export interface TimeBucket extends LossRow {
  readonly fromMinutes: number;
  readonly toMinutes: number;
  readonly weight: Pick<BlendWeight, 'value' | 'standardError'>;
}

/** Rows by the mid's distance from certainty. */
export interface PriceBand extends LossRow {
  readonly from: number;
  readonly to: number;
}

/** What the quotes say of the model against the market. */
export interface QuoteScore {
  readonly markets: number;
  readonly closes: number;
  readonly rows: number;
  readonly days: number;
  readonly overall: LossRow;
  readonly buckets: readonly TimeBucket[];
  readonly bands: readonly PriceBand[];
  readonly weight: BlendWeight;
  readonly calibration: Readonly<Record<'model' | 'mid' | 'blend', Calibration>>;
  /** An advantage in log-loss that would be worth trading, and the closes that tell it from nothing at 2 s.e.: one
   * quarter-hour market each. */
  readonly advantage: number;
  readonly marketsNeeded: number;
  /** What may be concluded, in one sentence. */
  readonly sentence: string;
}

/** How to score. */
export interface ScoreChoice {
  /** The blend that is judged: probability from model and mid. */
  readonly blend: (model: number, mid: number) => number;
  readonly advantage: number;
}

const BUCKETS = [
  [0, 3],
  [3, 7],
  [7, 15],
] as const;
const BANDS = [
  [0, 0.1],
  [0.1, 0.3],
  [0.3, 0.7],
  [0.7, 0.9],
  [0.9, 1],
] as const;
/** Standard errors at which a difference counts as told from nothing. */
const SURE = 2;
/** Probability below the upper end of an interval of 95 %. */
const SURE_SHARE = 0.975;

type Judged = Required<ScoredQuote>;

const clusterOf = ({ close }: ScoredQuote): string => close;
const minutesTo = ({ at, closeAt }: ScoredQuote): number => (closeAt - at) / MINUTE;

function lossRow(rows: readonly Judged[]): LossRow & { readonly difference: ClusteredMean } {
  const loss = (of: (row: Judged) => number): number =>
    clusteredMean(rows, clusterOf, (row) => logLossOf(of(row), row.yes)).mean;
  const gain = (row: Judged): number => logLossOf(row.blend, row.yes) - logLossOf(row.mid, row.yes);
  const difference = clusteredMean(rows, clusterOf, gain);
  const byDay = clusteredMean(rows, ({ closeAt }) => dayOf(closeAt), gain);
  return {
    markets: new Set(rows.map(({ ticker }) => ticker)).size,
    closes: difference.clusters,
    rows: rows.length,
    logLoss: {
      model: loss(({ model }) => model),
      mid: loss(({ mid }) => mid),
      blend: loss(({ blend }) => blend),
    },
    blendMinusMid: difference.mean,
    standardError: difference.standardError,
    standardErrorByDay: byDay.standardError,
    difference,
  };
}

const plain = ({ difference: _, ...row }: ReturnType<typeof lossRow>): LossRow => row;
const thousandths = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

function conclusion(
  { mean, standardError, clusters }: ClusteredMean,
  needed: number,
  advantage: number,
): string {
  if (!(standardError > 0)) return `not yet: ${clusters} closes, too few to say anything`;
  // Of few closes the standard error is itself uncertain.
  const reach = Math.max(SURE, studentQuantile(clusters - 1, SURE_SHARE)) * standardError;
  const measured = `blend minus mid is ${thousandths(mean)} ± ${reach.toFixed(4)} in log-loss over ${clusters} closes`;
  if (mean < -reach) return `yes: ${measured}`;
  if (mean > reach) return `no: the mid is better; ${measured}`;
  const more = Math.max(0, needed - clusters);
  return more === 0
    ? `no advantage of ${advantage} is there: ${measured}`
    : `not yet: ${measured}, which covers zero; an advantage of ${advantage} shows after ${more} more`;
}

/**
 * Scores model, mid and blend against what came. Each close is one observation, however many strikes and
 * quotes it has: they share one settlement value. Throws without a row.
 */
export function scoreQuotes(given: readonly ScoredQuote[], { blend, advantage }: ScoreChoice): QuoteScore {
  if (given.length === 0) throw new Error('score: there is no quote to score');
  const rows: readonly Judged[] = given.map((row) => {
    const [model, mid] = [heldProbability(row.model), heldProbability(row.mid)];
    return { ...row, model, mid, blend: heldProbability(row.blend ?? blend(model, mid)) };
  });
  const overall = lossRow(rows);
  const needed = Math.ceil(((SURE * overall.difference.deviation) / advantage) ** 2);
  return {
    markets: overall.markets,
    closes: overall.closes,
    rows: rows.length,
    days: new Set(rows.map(({ closeAt }) => dayOf(closeAt))).size,
    overall: plain(overall),
    buckets: BUCKETS.flatMap(([fromMinutes, toMinutes]) => {
      const inside = rows.filter((row) => minutesTo(row) >= fromMinutes && minutesTo(row) < toMinutes);
      if (inside.length === 0) return [];
      const { value, standardError } = blendWeight(inside);
      return [{ fromMinutes, toMinutes, ...plain(lossRow(inside)), weight: { value, standardError } }];
    }),
    bands: BANDS.flatMap(([from, to]) => {
      const inside = rows.filter(({ mid }) => mid >= from && (mid < to || to === 1));
      return inside.length === 0 ? [] : [{ from, to, ...plain(lossRow(inside)) }];
    }),
    weight: blendWeight(rows),
    calibration: {
      model: calibrationOf(rows, ({ model }) => model),
      mid: calibrationOf(rows, ({ mid }) => mid),
      blend: calibrationOf(rows, (row) => row.blend ?? Number.NaN),
    },
    advantage,
    marketsNeeded: needed,
    sentence: conclusion(overall.difference, needed, advantage),
  };
}
