import type { Micros } from '../../domain/time.ts';

/** Price and quantity in the pair's own steps: 10^-priceDecimals dollars and 10^-quantityDecimals coins. */
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

/**
 * What the emulated Kraken publishes, before it is text. `at` is the time of publication by its own clock;
 * `symbol` is the pair's.
 */
export type KrakenEmission = { readonly at: Micros } & (
  | { readonly kind: 'status' }
  | { readonly kind: 'instrument' }
  | { readonly kind: 'heartbeat' }
  | {
      readonly kind: 'ack';
      readonly channel: 'instrument' | 'book' | 'trade' | 'ohlc';
      /** Undefined for the instrument channel, which covers all pairs. */
      readonly symbol: string | undefined;
    }
  | KrakenMarketEmission
);

/** What it publishes about one pair's market. */
export type KrakenMarketEmission = { readonly at: Micros; readonly symbol: string } & (
  | { readonly kind: 'book'; readonly snapshot: boolean; readonly sides: KrakenSides }
  | { readonly kind: 'trades'; readonly snapshot: boolean; readonly trades: readonly KrakenTradeTicks[] }
  | { readonly kind: 'ohlc'; readonly snapshot: boolean; readonly candles: readonly KrakenCandle[] }
);
