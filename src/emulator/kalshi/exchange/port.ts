import type { Micros } from '../../../domain/time.ts';
import type { EmulatedAnswer, EmulatedRequest } from '../../transport/emulated-venue.ts';
import type { KalshiEmission } from '../public/emission.ts';

/**
 * What the exchange publishes to a member about himself. Prices in $0.0001 of YES, counts in 0.01 contracts,
 * money in $0.000001.
 */
export type KalshiPrivate = { readonly at: Micros } & (
  | {
      readonly kind: 'fill';
      readonly tradeId: string;
      readonly orderId: string;
      readonly clientOrderId: string;
      readonly ticker: string;
      readonly exchangeIndex: number;
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

/** An order as the exchange shows it. */
export interface KalshiOrderView {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly ticker: string;
  /** Shard of its market. */
  readonly exchangeIndex: number;
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

/** Every output of the venue, public or private. */
export type KalshiOutput = KalshiEmission | KalshiPrivate;

/**
 * The private half of the venue. It turns the makers' emissions into public outputs that include members'
 * orders, and it answers `/portfolio`.
 */
export interface KalshiExchange {
  /** Public emissions (the makers', adjusted for members' orders) and private ones, in order. */
  readonly market: (emission: KalshiEmission) => readonly KalshiOutput[];
  /** Undefined for a path of another room. The outputs of the call are added to `out`. */
  readonly http: (request: EmulatedRequest, out: KalshiOutput[]) => EmulatedAnswer | undefined;
  /** Handles expiries up to now. */
  readonly tick: (out: KalshiOutput[]) => void;
  /** False refuses orders and amendments: a pause. */
  readonly setTrading: (trading: boolean) => void;
}
