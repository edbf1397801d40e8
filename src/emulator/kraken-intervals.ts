/** Minutes of the candles that Kraken has, by socket and by REST (docs.kraken.com, ohlc). */
export const KRAKEN_INTERVALS: readonly number[] = [1, 5, 15, 30, 60, 240, 1440, 10_080, 21_600];
