import { logistic, logit, type ScoredQuote } from './scored-quote.ts';

/** The model's weight w in logit p = w·logit(model) + (1 − w)·logit(mid), and its standard errors. */
export interface BlendWeight {
  readonly value: number;
  /** Clustered by close. */
  readonly standardError: number;
  /** Clustered by UTC day of the close, which also covers what the closes of one day share. */
  readonly standardErrorByDay: number;
  readonly closes: number;
}

const MOST_STEPS = 50;
const CLOSE_ENOUGH = 1e-10;

/** Rows count so that each close counts once. */
export const rowWeights = (rows: readonly ScoredQuote[]): Float64Array => {
  const sizes = new Map<string, number>();
  for (const { close } of rows) sizes.set(close, (sizes.get(close) ?? 0) + 1);
  return Float64Array.from(rows, ({ close }) => 1 / (sizes.get(close) as number));
};

export const dayOf = (micros: number): string => new Date(micros / 1_000).toISOString().slice(0, 10);

/** √ of the sandwich: Σ over clusters of (Σ score)², divided by the squared curvature; one cluster tells nothing. */
const sandwich = (scores: ReadonlyMap<string, number>, curvature: number): number =>
  scores.size < 2
    ? Number.NaN
    : Math.sqrt([...scores.values()].reduce((sum, score) => sum + score ** 2, 0)) / curvature;

/**
 * Fits the weight by maximum likelihood: a logistic regression with the mid's logit as offset and one
 * coefficient, by Newton's steps (the likelihood is concave). Standard errors are of the sandwich form
 * (Liang and Zeger 1986). NaN where model and mid never differ.
 */
export function blendWeight(rows: readonly ScoredQuote[]): BlendWeight {
  const weights = rowWeights(rows);
  const offsets = rows.map(({ mid }) => logit(mid));
  const spreads = rows.map(({ model }, i) => logit(model) - (offsets[i] as number));
  const at = (w: number) => {
    let [slope, curvature] = [0, 0];
    const byClose = new Map<string, number>();
    const byDay = new Map<string, number>();
    for (const [i, { close, closeAt, yes }] of rows.entries()) {
      const spread = spreads[i] as number;
      const p = logistic((offsets[i] as number) + w * spread);
      const score = (weights[i] as number) * ((yes ? 1 : 0) - p) * spread;
      slope += score;
      curvature += (weights[i] as number) * p * (1 - p) * spread ** 2;
      byClose.set(close, (byClose.get(close) ?? 0) + score);
      const day = dayOf(closeAt);
      byDay.set(day, (byDay.get(day) ?? 0) + score);
    }
    return { slope, curvature, byClose, byDay };
  };
  let value = 0;
  let here = at(value);
  for (let i = 0; i < MOST_STEPS && Math.abs(here.slope) > CLOSE_ENOUGH * here.curvature; i++) {
    value += here.slope / here.curvature;
    here = at(value);
  }
  return {
    value: here.curvature > 0 ? value : Number.NaN,
    standardError: sandwich(here.byClose, here.curvature),
    standardErrorByDay: sandwich(here.byDay, here.curvature),
    closes: here.byClose.size,
  };
}
