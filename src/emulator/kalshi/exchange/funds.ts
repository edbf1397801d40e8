import type { Count, PriceTicks } from '../../../domain/money.ts';
import { takerFee } from '../../../venues/kalshi/fees.ts';
import type { KalshiAccounts } from './accounts.ts';
import type { HeldOrder, KalshiMatching } from './matching.ts';
import { closable, collateral } from './position.ts';

/** How much of a member's money is bound by orders. */
export interface KalshiFunds {
  /** Collateral of a subaccount's resting orders in $0.000001. */
  readonly held: (subaccount: number) => number;
  /**
   * Whether the subaccount can pay an order in the worst case: limit price and taker fee of the part that
   * does not close a position, in addition to the collateral of resting orders.
   */
  readonly affords: (order: HeldOrder) => boolean;
}

/**
 * Funds of each subaccount. An order that closes a position needs no collateral. If several orders would
 * close it, the oldest count.
 */
export function kalshiFunds(accounts: KalshiAccounts, matching: KalshiMatching): KalshiFunds {
  /**
   * For all resting orders of a subaccount except `without`: their collateral, and how much of each position
   * they would close.
   */
  const reserved = (
    subaccount: number,
    without?: string,
  ): { readonly held: number; readonly closing: ReadonlyMap<string, number> } => {
    const account = accounts.of(subaccount);
    const closing = new Map<string, number>();
    let held = 0;
    for (const { view } of matching.resting()) {
      if (view.orderId === without || view.subaccount !== subaccount) continue;
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
    const { ticker, side, ticks, remaining, subaccount } = view;
    const market = matching.market(ticker);
    if (!market) return false;
    const account = accounts.of(subaccount);
    const { held, closing } = reserved(subaccount, view.orderId);
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
  return { held: (subaccount) => reserved(subaccount).held, affords };
}
