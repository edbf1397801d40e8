import { type Close, closeOf } from '../portfolio/exposures.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { payoffOf } from './payoff.ts';
import type { Draw } from './store.ts';

/** Draws the payoff curve of each close on which something is held. */
export function payoffs(): { readonly draw: (to: Draw, portfolio: Portfolio) => void } {
  let drawn: Portfolio['holdings'] | undefined;
  let keys = new Set<string>();
  return {
    draw: (to, portfolio) => {
      if (portfolio.holdings === drawn) return;
      drawn = portfolio.holdings;
      const closes = new Map<string, Close>();
      for (const { contract, position } of drawn.values()) {
        if (position === 0 || !contract) continue;
        const { asset, closeAt } = closeOf(contract);
        closes.set(`${asset} ${closeAt}`, { asset, closeAt });
      }
      const now = new Set<string>();
      for (const [key, close] of closes) {
        const payoff = payoffOf(portfolio, close);
        if (!payoff) continue;
        now.add(key);
        to.entry('payoffs', key, payoff);
      }
      for (const key of keys) if (!now.has(key)) to.entry('payoffs', key, null);
      keys = now;
    },
  };
}
