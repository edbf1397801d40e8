import type { Micros } from '../domain/time.ts';

/** Price in $0.1 and quantity in 1e-8 BTC: BTC/USD has price precision 1 and quantity precision 8. */
export interface KrakenTicks {
  readonly ticks: number;
  readonly lots: number;
}

/** Both sides of a book or of its change. */
export interface KrakenSides {
  readonly bids: readonly KrakenTicks[];
  readonly asks: readonly KrakenTicks[];
  readonly checksum: number;
}

export interface KrakenTradeTicks extends KrakenTicks {
  readonly at: Micros;
  readonly side: 'buy' | 'sell';
  readonly tradeId: number;
}

/** A one-minute candle; `turnover` is Σ ticks × lots, for the volume-weighted price. */
export interface KrakenCandle {
  readonly openAt: Micros;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly lots: number;
  readonly turnover: number;
  readonly trades: number;
}

/** What the emulated Kraken says, before it is text. `at` is when it says so, by its own clock. */
export type KrakenEmission = { readonly at: Micros } & (
  | { readonly kind: 'status' }
  | { readonly kind: 'instrument' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'ack'; readonly channel: 'instrument' | 'book' | 'trade' | 'ohlc' }
  | { readonly kind: 'book'; readonly snapshot: boolean; readonly sides: KrakenSides }
  | { readonly kind: 'trades'; readonly snapshot: boolean; readonly trades: readonly KrakenTradeTicks[] }
  | { readonly kind: 'ohlc'; readonly snapshot: boolean; readonly candles: readonly KrakenCandle[] }
);
