import type { Cash, Count, MicroDollars, PriceTicks } from '../money.ts';
import type { Micros } from '../time.ts';

/** An order as sent: V2 side and YES price. `ioc` takes at once and dies, `gtc` rests. */
export interface Order {
  readonly clientOrderId: string;
  readonly decisionId: number;
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly limitTicks: PriceTicks;
  readonly count: Count;
  readonly timeInForce: 'ioc' | 'gtc';
  readonly postOnly: boolean;
  readonly at: Micros;
}

/** What the desk asks of a gateway. */
export type GatewayCommand =
  | { readonly kind: 'place'; readonly order: Order }
  | { readonly kind: 'cancel'; readonly clientOrderId: string; readonly at: Micros };

/** What every answer of a gateway names. */
export interface OrderEvent {
  readonly clientOrderId: string;
  readonly ticker: string;
  readonly at: Micros;
}

/**
 * A match. `cash` is the exact change of our balance as if the fill opened a position: −p·C for a bid, −(1−p)·C for an ask, less the fee. The portfolio
 * redeems pairs of YES and NO itself. `fee` is net of rebates.
 */
export interface Fill extends OrderEvent {
  readonly kind: 'fill';
  readonly fillId: string;
  readonly side: 'bid' | 'ask';
  readonly priceTicks: PriceTicks;
  readonly count: Count;
  readonly taker: boolean;
  readonly fee: MicroDollars;
  readonly cash: Cash;
}

/** What a gateway says of an order. */
export type GatewayEvent =
  | (OrderEvent & { readonly kind: 'orderResting'; readonly remaining: Count })
  | (OrderEvent & {
      readonly kind: 'orderDone';
      readonly state: 'filled' | 'cancelled' | 'expired';
      readonly filled: Count;
    })
  | (OrderEvent & { readonly kind: 'orderRejected'; readonly why: string })
  | Fill;

/** A contract paid out. `cash` is what our position received (0 without one). */
export interface Settlement {
  readonly kind: 'settlement';
  readonly ticker: string;
  readonly at: Micros;
  readonly result: 'yes' | 'no';
  readonly valueUnits: number | undefined;
  readonly source: 'index' | 'file' | 'venue';
  readonly position: Count;
  readonly cash: Cash;
  /** Realised profit or loss of this contract after fees. */
  readonly pnl: Cash;
}
