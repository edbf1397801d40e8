import type { DecisionLine } from '../../src/console/state.ts';

/** Which decisions are wanted; an empty word wants all. */
export interface DecisionFilter {
  readonly ticker: string;
  /** A check that refused. */
  readonly check: string;
  readonly verdict: '' | DecisionLine['verdict'];
}

/** Every decision. */
export const EVERY_DECISION: DecisionFilter = { ticker: '', check: '', verdict: '' };

/** The decisions that a filter wants, the latest first: at most `most`, and how many match in all. */
export function pickDecisions(
  decisions: readonly DecisionLine[],
  { ticker, check, verdict }: DecisionFilter,
  most: number,
): { readonly shown: readonly DecisionLine[]; readonly matching: number } {
  const matching = decisions.filter(
    (each) =>
      (ticker === '' || each.ticker === ticker) &&
      (check === '' || each.failing.includes(check)) &&
      (verdict === '' || each.verdict === verdict),
  );
  return { shown: matching.slice(-most).reverse(), matching: matching.length };
}

/** What can be filtered by: every contract and every check that the decisions name, in order. */
export function filterChoices(decisions: readonly DecisionLine[]): {
  readonly tickers: readonly string[];
  readonly checks: readonly string[];
} {
  return {
    tickers: [...new Set(decisions.map(({ ticker }) => ticker))].sort(),
    checks: [...new Set(decisions.flatMap(({ failing }) => failing))].sort(),
  };
}
