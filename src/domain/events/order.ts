import type { Cash, Count, MicroDollars, PriceTicks } from '../money.ts';
import type { Micros } from '../time.ts';

/**
 * An order of the desk, with the side and the YES price as in Kalshi's order API V2. An `ioc` order takes at
 * once and cancels the rest; a `gtc` order rests.
 */
export interface Order {
  readonly clientOrderId: string;
  readonly decisionId: number;
  readonly ticker: string;
  /** Shard of the contract, by the market's own field; undefined if the market did not say. */
  readonly exchangeIndex: number | undefined;
  readonly side: 'bid' | 'ask';
  readonly limitTicks: PriceTicks;
  readonly count: Count;
  readonly timeInForce: 'ioc' | 'gtc';
  readonly postOnly: boolean;
  /** True if the venue may only fill what lowers our position. */
  readonly reduceOnly: boolean;
  readonly at: Micros;
  /**
   * A resting order ends by then at the venue, whatever has become of us: its dead man's switch, of which
   * the venue knows whole seconds. An `ioc` order has none.
   */
  readonly expiresAt?: Micros;
  /** The bundle that it is a leg of; left out of an order that stands alone. */
  readonly bundle?: { readonly id: string; readonly legs: number };
}

declare const approved: unique symbol;

/**
 * An order that every check has passed, or one by which the operator closes a position. Only an approved
 * decision or a `flatten` gives one, and nothing else may be placed.
 */
export type ApprovedOrder = Order & { readonly [approved]: true };

/** What the desk asks of a gateway. */
export type GatewayCommand =
  | { readonly kind: 'place'; readonly order: ApprovedOrder }
  | { readonly kind: 'cancel'; readonly clientOrderId: string; readonly at: Micros };

/**
 * A request about an order, with all that is needed to decode its answer. `exchangeIndex` is the shard of the
 * contract.
 */
export interface OrderRequest {
  readonly action: 'place' | 'cancel';
  readonly clientOrderId: string;
  readonly ticker: string;
  readonly exchangeIndex: number | undefined;
  readonly side: 'bid' | 'ask';
  readonly limitTicks: PriceTicks;
  readonly count: Count;
}

/**
 * What became of a request. `withheld`: the gateway did not send it, and `why` says what stood against it.
 * `lost` is a connection that broke after the request may have left.
 */
export type RequestOutcome =
  | { readonly kind: 'withheld'; readonly why: string }
  | { readonly kind: 'sent' }
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'timedOut' }
  | { readonly kind: 'lost'; readonly why: string };

/** The fields that every event of an order has. */
export interface OrderEvent {
  readonly clientOrderId: string;
  readonly ticker: string;
  readonly at: Micros;
}

/**
 * A match. `cash` is the exact change of our balance as if the fill opened a position: −p·C for a bid,
 * −(1−p)·C for an ask, less the fee. The portfolio redeems pairs of YES and NO itself. `fee` is net of
 * rebates.
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

/**
 * What became of an order. `orderSubmitted`: its request was sent. `orderUnknown`: we do not know whether the
 * venue has it. Only a message from the venue ends that state.
 */
export type GatewayEvent =
  | (OrderEvent & { readonly kind: 'orderSubmitted' })
  | (OrderEvent & { readonly kind: 'orderUnknown'; readonly why: string })
  | (OrderEvent & {
      readonly kind: 'orderResting';
      readonly remaining: Count;
      /** The venue's own id of the order, where it was told. */
      readonly venueId?: string;
    })
  | (OrderEvent & {
      readonly kind: 'orderDone';
      readonly state: 'filled' | 'cancelled' | 'expired';
      readonly filled: Count;
    })
  | (OrderEvent & {
      readonly kind: 'orderRejected';
      readonly why: string;
      /** True if the order never left, because our own gateway kept it back. */
      readonly withheld?: true;
    })
  | Fill;

/** A contract paid out. `cash` is what our position received (0 without one). */
export interface Settlement {
  readonly kind: 'settlement';
  readonly ticker: string;
  readonly at: Micros;
  readonly result: 'yes' | 'no';
  /** The settlement value in units of the index and in dollars; undefined where only the result is known. */
  readonly valueUnits: number | undefined;
  readonly valueDollars: number | undefined;
  readonly source: 'index' | 'file' | 'venue';
  readonly position: Count;
  readonly cash: Cash;
  /** Realised profit or loss of this contract after fees. */
  readonly pnl: Cash;
}
