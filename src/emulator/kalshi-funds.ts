import type { Count, PriceTicks } from '../domain/money.ts';
import { takerFee } from '../venues/kalshi/fees.ts';
import type { KalshiAccount } from './kalshi-account.ts';
import type { HeldOrder, KalshiMatching } from './kalshi-matching.ts';
import { closable, collateral } from './kalshi-position.ts';

/** What a member's money is tied to. */
export interface KalshiFunds {
  /** Collateral of resting orders in $0.000001. */
  readonly held: () => number;
  /** Whether an order can be paid in the worst case: limit price and taker fee of all that does not close a position, beside the collateral of what rests. */
  readonly affords: (order: HeldOrder) => boolean;
}

/** Funds of one account. What closes a position needs none; of several orders that would close it, the oldest do. */
export function kalshiFunds(account: KalshiAccount, matching: KalshiMatching): KalshiFunds {
  /** Of resting orders but `without`: collateral, and what of each position they are to close. */
  const reserved = (
    without?: string,
  ): { readonly held: number; readonly closing: ReadonlyMap<string, number> } => {
    const closing = new Map<string, number>();
    let held = 0;
    for (const { view } of matching.resting()) {
      if (view.orderId === without) continue;
      const { ticker, side, ticks, remaining } = view;
      const key = `${ticker} ${side}`;
      const already = closing.get(key) ?? 0;
      const { position } = account.position(ticker);
      const closes = closable(side, position, already + remaining) - closable(side, position, already);
      closing.set(key, already + closes);
      held += collateral(side, ticks, remaining - closes, 0);
    }
    return { held, closing };
  };
  const affords = ({ view }: HeldOrder): boolean => {
    const { ticker, side, ticks, remaining } = view;
    const market = matching.market(ticker);
    if (!market) return false;
    const { held, closing } = reserved(view.orderId);
    const already = closing.get(`${ticker} ${side}`) ?? 0;
    const { position } = account.position(ticker);
    const closes = closable(side, position, already + remaining) - already;
    const opens = remaining - closes;
    if (opens === 0) return true;
    const { fee } = market.contract();
    const worst =
      collateral(side, ticks, opens, 0) + takerFee(fee, side, ticks as PriceTicks, opens as Count, 'direct');
    return account.cash() - held >= worst;
  };
  return { held: () => reserved().held, affords };
}
