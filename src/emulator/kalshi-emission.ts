import type { Micros } from '../domain/time.ts';
import type { EmulatedContract } from './kalshi-contract.ts';

/** Channels of one Kalshi connection; a sid follows the order of this list, from 1. */
export const KALSHI_CHANNELS = [
  'orderbook_delta',
  'ticker',
  'market_lifecycle_v2',
  'trade',
  'cfbenchmarks_value',
  'cfbenchmarks_value_5hz',
] as const;

/** A channel's name in subscriptions. */
export type KalshiChannel = (typeof KALSHI_CHANNELS)[number];

/** A level of the YES book: price in $0.0001, count in 0.01 contracts. */
export interface KalshiLevel {
  readonly ticks: number;
  readonly count: number;
}

/** A mean of prints: their sum in cents and their seconds, `end` excluded. */
export interface PrintsMean {
  readonly sumUnits: number;
  readonly first: number;
  readonly end: number;
}

/** What the emulated Kalshi says, before it is text. `at` is when it says so, by its own clock. Prices are YES prices. */
export type KalshiEmission = { readonly at: Micros } & (
  | { readonly kind: 'subscribed'; readonly channel: KalshiChannel }
  | { readonly kind: 'ok'; readonly channel: KalshiChannel; readonly tickers: readonly string[] }
  | {
      readonly kind: 'snapshot';
      readonly contract: EmulatedContract;
      readonly bids: readonly KalshiLevel[];
      readonly asks: readonly KalshiLevel[];
    }
  | {
      readonly kind: 'delta';
      readonly contract: EmulatedContract;
      readonly side: 'bid' | 'ask';
      readonly ticks: number;
      readonly change: number;
    }
  | {
      readonly kind: 'ticker';
      readonly contract: EmulatedContract;
      readonly last: KalshiLevel;
      readonly bid: KalshiLevel | undefined;
      readonly ask: KalshiLevel | undefined;
      /** Both sides of each trade counted, in 0.01 contracts. */
      readonly volume: number;
      readonly openInterest: number;
    }
  | {
      readonly kind: 'trade';
      readonly contract: EmulatedContract;
      readonly tradeId: string;
      readonly taker: 'bid' | 'ask';
      readonly ticks: number;
      readonly count: number;
    }
  | { readonly kind: 'created'; readonly contract: EmulatedContract }
  | { readonly kind: 'metadata'; readonly contract: EmulatedContract }
  /** The close was moved: the contract carries the new one. */
  | { readonly kind: 'closeMoved'; readonly contract: EmulatedContract }
  | {
      readonly kind: 'determined';
      readonly contract: EmulatedContract;
      readonly result: 'yes' | 'no';
      /** Settlement value; undefined where only the result is known, as on a tape. */
      readonly valueUnits: number | undefined;
    }
  | { readonly kind: 'settled'; readonly contract: EmulatedContract }
  | {
      readonly kind: 'print';
      /** The source's second, since the epoch. */
      readonly second: number;
      readonly cents: number;
      readonly lastMinute: PrintsMean;
      /** Only in the last minute before a quarter-hour. */
      readonly quarter: PrintsMean | undefined;
    }
  | { readonly kind: 'fastPrint'; readonly sourceMillis: number; readonly cents: number }
);
