import { MINUTE } from '../../domain/time.ts';
import { clusteredMean } from './clustered.ts';
import { heldProbability, logLossOf, type ScoredQuote } from './scored-quote.ts';

/** A mean difference of log-loss, the first minus the second: negative is better. Clustered by close. */
export interface LossDifference {
  readonly mean: number;
  readonly standardError: number;
}

/** Two runs of the same time on the rows that both have. */
export interface PairedScore {
  readonly rows: number;
  readonly closes: number;
  /** Rows that only one of the two has. */
  readonly unpaired: readonly [number, number];
  readonly model: LossDifference;
  readonly blend: LossDifference;
  /** What may be concluded of the model, in one sentence. */
  readonly sentence: string;
}

/** Standard errors at which a difference counts as told from nothing. */
const SURE = 2;

const keyOf = ({ ticker, at }: ScoredQuote): string => `${ticker} ${Math.floor(at / MINUTE)}`;

const conclusion = ({ mean, standardError }: LossDifference, closes: number): string => {
  const measured = `${mean < 0 ? '−' : '+'}${Math.abs(mean).toFixed(4)} ± ${(SURE * standardError).toFixed(4)} in log-loss over ${closes} closes`;
  if (!(standardError >= 0)) return `the two cannot be told apart: ${closes} closes are too few`;
  if (mean < -SURE * standardError) return `the first run's model is better: ${measured}`;
  if (mean > SURE * standardError) return `the second run's model is better: ${measured}`;
  return `the two cannot be told apart: ${measured}, which covers zero`;
};

/** Compares two runs by their rows of the same contract and minute. Throws where they share none. */
export function pairedScore(first: readonly ScoredQuote[], second: readonly ScoredQuote[]): PairedScore {
  const others = new Map(second.map((row) => [keyOf(row), row]));
  const pairs = first.flatMap((row) => {
    const other = others.get(keyOf(row));
    return other === undefined ? [] : [{ close: row.close, row, other }];
  });
  if (pairs.length === 0)
    throw new Error(
      'score: the two runs share no minute of a contract that has settled; give runs of one time',
    );
  const difference = (of: (row: ScoredQuote) => number): LossDifference & { readonly clusters: number } =>
    clusteredMean(
      pairs,
      ({ close }) => close,
      ({ row, other }) =>
        logLossOf(heldProbability(of(row)), row.yes) - logLossOf(heldProbability(of(other)), other.yes),
    );
  const plain = ({ mean, standardError }: LossDifference): LossDifference => ({ mean, standardError });
  const model = difference(({ model }) => model);
  return {
    rows: pairs.length,
    closes: model.clusters,
    unpaired: [first.length - pairs.length, second.length - pairs.length],
    model: plain(model),
    blend: plain(difference(({ blend }) => blend ?? Number.NaN)),
    sentence: conclusion(model, model.clusters),
  };
}
