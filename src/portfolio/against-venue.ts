import type { VenueBalance, VenuePositions } from '../domain/events/venue-account.ts';
import { type Cash, cash, contractsOf, count, dollarsOf } from '../domain/money.ts';
import { WHOLE_ACCOUNT } from './differences.ts';
import type { Portfolio } from './portfolio.ts';

/** A disagreement with the venue. `scope` is a ticker, or `account`. */
export interface Disagreement {
  readonly scope: string;
  readonly about: 'position' | 'cash';
  readonly why: string;
}

const openOn = (portfolio: Portfolio, ticker: string): boolean =>
  [...portfolio.orders.values()].some(({ order }) => order.ticker === ticker);

/**
 * Where our positions and the venue's differ. Contracts with an open order are left out, because a fill may
 * be on its way, and so are contracts that we have settled, because the venue pays them minutes later.
 */
export function positionsAgainst(
  portfolio: Portfolio,
  positions: VenuePositions['positions'],
): readonly Disagreement[] {
  const theirs = new Map(positions.map(({ ticker, position }) => [ticker, position]));
  const tickers = new Set([...portfolio.holdings.keys(), ...theirs.keys()]);
  return [...tickers].sort().flatMap((ticker): readonly Disagreement[] => {
    const ours = portfolio.holdings.get(ticker)?.position ?? count(0);
    const venue = theirs.get(ticker) ?? count(0);
    if (ours === venue || portfolio.settled.has(ticker) || openOn(portfolio, ticker)) return [];
    const why = `we hold ${contractsOf(ours)} contracts of ${ticker}, the venue says ${contractsOf(venue)}`;
    return [{ scope: ticker, about: 'position', why }];
  });
}

/** The venue's cash on all shards. */
export const totalCash = (byShard: VenueBalance['byShard']): Cash =>
  cash(byShard.reduce((sum, shard) => sum + shard.cash, 0));

/**
 * Where our cash and the venue's differ. They are not compared while an order is open, whose cost the venue
 * may hold back, or while the venue has yet to pay out a contract that we have settled.
 */
export function cashAgainst(
  portfolio: Portfolio,
  theirs: Cash,
  isPaid: (ticker: string) => boolean,
): readonly Disagreement[] {
  if (portfolio.orders.size > 0 || theirs === portfolio.cash) return [];
  for (const [ticker, { position }] of portfolio.settled) if (position !== 0 && !isPaid(ticker)) return [];
  const why = `we count $${dollarsOf(portfolio.cash).toFixed(4)} in cash, the venue says $${dollarsOf(theirs).toFixed(4)}`;
  return [{ scope: WHOLE_ACCOUNT, about: 'cash', why }];
}
