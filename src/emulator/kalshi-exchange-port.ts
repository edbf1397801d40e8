import type { Micros } from '../domain/time.ts';
import type { KalshiEmission } from './kalshi-emission.ts';
import type { EmulatedAnswer, EmulatedRequest } from './venue.ts';

/** What the exchange tells a member about himself. Prices in $0.0001 of YES, counts in 0.01 contracts, money in $0.000001. */
export type KalshiPrivate = { readonly at: Micros } & (
  | {
      readonly kind: 'fill';
      readonly tradeId: string;
      readonly orderId: string;
      readonly clientOrderId: string;
      readonly ticker: string;
      readonly taker: boolean;
      readonly side: 'bid' | 'ask';
      readonly ticks: number;
      readonly count: number;
      readonly feeMicroDollars: number;
      /** Signed: YES positive. */
      readonly positionAfter: number;
    }
  | {
      readonly kind: 'userOrder';
      readonly order: KalshiOrderView;
    }
  | {
      readonly kind: 'marketPosition';
      readonly ticker: string;
      readonly position: number;
      readonly costMicroDollars: number;
      readonly realisedMicroDollars: number;
      readonly feesMicroDollars: number;
      readonly volume: number;
    }
  | {
      readonly kind: 'orderGroup';
      readonly event: 'created' | 'triggered' | 'reset' | 'deleted' | 'limit_updated';
      readonly groupId: string;
      readonly contractsLimit: number;
    }
);

/** An order as the exchange knows it. */
export interface KalshiOrderView {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly ticks: number;
  readonly status: 'resting' | 'canceled' | 'executed';
  readonly initial: number;
  readonly filled: number;
  readonly remaining: number;
  readonly takerCostMicroDollars: number;
  readonly makerCostMicroDollars: number;
  readonly takerFeesMicroDollars: number;
  readonly makerFeesMicroDollars: number;
  readonly createdAt: Micros;
  readonly updatedAt: Micros;
  readonly expiresAt: Micros | undefined;
  readonly groupId: string | undefined;
  readonly cancelOnPause: boolean;
}

/** Whatever the venue may say. */
export type KalshiSaid = KalshiEmission | KalshiPrivate;

/** The private half of the venue: it turns what makers did into what the public sees, with members' orders among them, and answers `/portfolio`. */
export interface KalshiExchange {
  /** Public emissions (the makers', adjusted for members' orders) and private ones, in order. */
  readonly market: (emission: KalshiEmission) => readonly KalshiSaid[];
  /** Undefined for a path that is not its own. What the call caused is put into `out`. */
  readonly http: (request: EmulatedRequest, out: KalshiSaid[]) => EmulatedAnswer | undefined;
  /** Expiries up to now. */
  readonly tick: (out: KalshiSaid[]) => void;
  /** False refuses orders and amendments: a pause. */
  readonly setTrading: (trading: boolean) => void;
}
