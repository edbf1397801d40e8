import type { Micros } from '../../../domain/time.ts';
import type { EmulatedAnswer, EmulatedRequest } from '../../transport/emulated-venue.ts';
import type { KalshiEmission } from '../public/emission.ts';
import type { KalshiStatus } from '../public/exchange-rest.ts';

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
      readonly subaccount: number;
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
      readonly subaccount: number;
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
  /** 0 is the primary account, 1 to 63 are numbered ones. */
  readonly subaccount: number;
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
 * Something that goes wrong at the exchange, or an end of it. Spans and lags are microseconds of the market's
 * time.
 */
export type KalshiTrouble =
  /** A pause of trading: orders and amendments are refused, cancels are not. */
  | { readonly kind: 'tradingPause'; readonly on: boolean }
  /** A pause of the exchange: every change is refused, cancels too. */
  | { readonly kind: 'exchangePause'; readonly on: boolean }
  /** A pause of one market. */
  | { readonly kind: 'marketHalt'; readonly ticker: string; readonly on: boolean }
  /**
   * The next determination (of `ticker`, or of any market) is disputed for the span and then amended: to the
   * other result, or if `upheld` to the same one.
   */
  | {
      readonly kind: 'dispute';
      readonly ticker: string | undefined;
      readonly upheld: boolean;
      readonly span: Micros;
    }
  /**
   * Portfolio reads are so old; with `contradict`, every other read is current. 0 ends it.
   */
  | { readonly kind: 'readLag'; readonly lag: Micros; readonly contradict: boolean }
  /** The next `count` answers to amend and cancel describe another order. */
  | { readonly kind: 'wrongOrder'; readonly count: number }
  /** Money comes in or goes out; it is pending for the span. */
  | { readonly kind: 'deposit' | 'withdrawal'; readonly cents: number; readonly span: Micros }
  /** The attestation of the member's location has lapsed. */
  | { readonly kind: 'attestationLapse'; readonly on: boolean }
  /** A cancel-all also kills what is placed in the minute after it. */
  | { readonly kind: 'cancelAllTail'; readonly on: boolean };

/**
 * The private half of the venue. It turns the makers' emissions into public outputs that include members'
 * orders, and it answers `/portfolio`.
 */
export interface KalshiExchange {
  /** Public emissions (the makers', adjusted for members' orders) and private ones, in order. */
  readonly market: (emission: KalshiEmission) => readonly KalshiOutput[];
  /** Undefined for a path of another room. The outputs of the call are added to `out`. */
  readonly http: (request: EmulatedRequest, out: KalshiOutput[]) => EmulatedAnswer | undefined;
  /** Handles expiries, pauses and reviews up to now. */
  readonly tick: (out: KalshiOutput[]) => void;
  readonly strike: (trouble: KalshiTrouble) => void;
  /** Whether the exchange takes changes, whether it trades, and when a scheduled pause ends. */
  readonly status: () => KalshiStatus;
}
