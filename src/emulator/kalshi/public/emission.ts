import type { Micros } from '../../../domain/time.ts';
import type { EmulatedContract } from './contract.ts';

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

/** A mean of prints: their sum in units of the index and their seconds, `end` excluded. */
export interface PrintsMean {
  readonly sumUnits: number;
  readonly first: number;
  readonly end: number;
}

/** A print of an index, in its own units of 10^-indexDecimals dollars. */
export interface PrintedIndex {
  readonly indexId: string;
  readonly indexDecimals: number;
  readonly valueUnits: number;
}

/**
 * What the emulated Kalshi publishes, before it is text. `at` is the time of publication by its own clock.
 * Prices are YES prices.
 */
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
      /** Counts both sides of each trade, in 0.01 contracts. */
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
  /** The close was moved; the contract has the new one. */
  | { readonly kind: 'closeMoved'; readonly contract: EmulatedContract }
  | {
      readonly kind: 'determined';
      readonly contract: EmulatedContract;
      readonly result: 'yes' | 'no';
      /** Settlement value; undefined if only the result is known, as on a tape. */
      readonly valueUnits: number | undefined;
      /** True for the determination that ends a dispute. */
      readonly amended?: true;
    }
  /** The market's determination is disputed. It shows in market objects; no frame tells it. */
  | { readonly kind: 'disputed'; readonly contract: EmulatedContract }
  /** Trading in the market was paused, or taken up again. */
  | { readonly kind: 'halted'; readonly contract: EmulatedContract; readonly paused: boolean }
  | { readonly kind: 'settled'; readonly contract: EmulatedContract }
  | {
      readonly kind: 'print';
      readonly index: PrintedIndex;
      /** The source's second, since the epoch. */
      readonly second: number;
      readonly lastMinute: PrintsMean;
      /** Only in the last minute before a quarter-hour. */
      readonly quarter: PrintsMean | undefined;
    }
  | { readonly kind: 'fastPrint'; readonly index: PrintedIndex; readonly sourceMillis: number }
);
