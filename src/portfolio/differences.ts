import type { Portfolio } from './portfolio.ts';

/** The scope of a difference that concerns every contract, such as one of cash. */
export const WHOLE_ACCOUNT = 'account';

/** Counts a difference on a contract, or on the whole account. */
export const withDifference = (portfolio: Portfolio, ticker: string): Portfolio => ({
  ...portfolio,
  differences: new Map(portfolio.differences).set(ticker, (portfolio.differences.get(ticker) ?? 0) + 1),
});

/** Forgets the differences on a contract, because the operator has resolved them. */
export function resolved(portfolio: Portfolio, ticker: string): Portfolio {
  if (!portfolio.differences.has(ticker)) return portfolio;
  const differences = new Map(portfolio.differences);
  differences.delete(ticker);
  return { ...portfolio, differences };
}
