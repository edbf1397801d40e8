import type { Portfolio } from '../../portfolio/portfolio.ts';
import type { Drawdown } from '../../pricing/drawdown.ts';

/** Follows what the account is worth against its highest in this run. */
export interface DrawdownWatch {
  readonly of: (portfolio: Portfolio) => Drawdown;
  /**
   * The account was taken over from the venue's, or money came or went without a trade: the highest moves
   * along, so that this is no loss and hides none.
   */
  readonly moved: (before: Portfolio, after: Portfolio) => void;
}

const equityOf = ({ cash, holdings }: Portfolio): number => {
  let equity: number = cash;
  for (const { paid } of holdings.values()) equity += paid;
  return equity;
};

/** Starts with no highest. Open positions count at what they cost, in $0.0001. */
export function drawdownOf(): DrawdownWatch {
  let peak = Number.NEGATIVE_INFINITY;
  let equity = 0;
  let seen: Portfolio | undefined;
  return {
    of: (portfolio) => {
      if (portfolio !== seen) {
        seen = portfolio;
        equity = equityOf(portfolio);
        peak = Math.max(peak, equity);
      }
      return { peak, equity };
    },
    moved: (before, after) => {
      peak += equityOf(after) - equityOf(before);
    },
  };
}
