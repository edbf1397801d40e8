import type { AccountAdopted } from '../domain/events/account.ts';
import { cash, microDollars } from '../domain/money.ts';
import { closeOf } from './exposures.ts';
import type { Holding, Portfolio } from './portfolio.ts';
import { reckon } from './reckon.ts';

/** What is taken over: the cash, the positions of the named contracts, or both. */
export interface Adoption {
  readonly cash?: Portfolio['cash'];
  /** A position of 0 ends what we hold of its contract. */
  readonly positions?: AccountAdopted['positions'];
}

const adopted = (
  { ticker, position, paid }: AccountAdopted['positions'][number],
  held: Holding | undefined,
): Holding => ({
  ticker,
  contract: held?.contract,
  position,
  paid,
  realised: held?.realised ?? cash(0),
  fees: held?.fees ?? microDollars(0),
  fillIds: held?.fillIds ?? new Set<string>(),
});

/**
 * The account with the venue's numbers in place of ours. The terms of a contract that we did not know follow
 * when it is listed; until then its position counts as lost.
 */
export function adopt(portfolio: Portfolio, { cash: found, positions = [] }: Adoption): Portfolio {
  const holdings = new Map(portfolio.holdings);
  const closes = positions.map((each) => {
    const held = holdings.get(each.ticker);
    if (each.position === 0) holdings.delete(each.ticker);
    else holdings.set(each.ticker, adopted(each, held));
    return closeOf(held?.contract);
  });
  return reckon({ ...portfolio, cash: found ?? portfolio.cash, holdings }, ...closes);
}
