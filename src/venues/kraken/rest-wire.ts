import { z } from 'zod';

/**
 * Every REST body: `error` is empty on success, whatever the HTTP status
 * (docs.kraken.com/api/docs/guides/spot-rest-intro).
 */
const body = <R extends z.ZodType>(result: R) =>
  z.union([
    z.object({ error: z.array(z.string()).length(0), result }),
    z.object({ error: z.array(z.string()).min(1), result: z.unknown().optional() }),
  ]);

const decimal = z.string().regex(/^\d{1,15}(\.\d{1,18})?$/);
/** A time in whole seconds, up to the year 2286. */
const MOST_SECONDS = 9_999_999_999;

/**
 * Price, volume, time in seconds, buy or sell, market or limit, miscellaneous, trade id (the last column is
 * missing in old recordings). Columns after the last are ignored, as unknown keys are.
 */
const tradeRow = z
  .tuple([
    decimal,
    decimal,
    z.number().positive().max(MOST_SECONDS),
    z.enum(['b', 's']),
    z.enum(['m', 'l']),
    z.string(),
    z.int(),
  ])
  .rest(z.unknown());

/** Time in seconds, open, high, low, close, vwap, volume, count; columns after them are ignored. */
const ohlcRow = z
  .tuple([
    z.int().nonnegative().max(MOST_SECONDS),
    decimal,
    decimal,
    decimal,
    decimal,
    decimal,
    decimal,
    z.int(),
  ])
  .rest(z.unknown());

/** `Trades`: rows under the pair's key, and `last`, nanoseconds of 19 digits, which a number cannot hold. */
export const tradesBody = body(z.object({ last: z.string() }).catchall(z.array(tradeRow)));

/**
 * `OHLC`: rows under the pair's key, and `last`, the time of the newest finished bar. The last row is not
 * finished.
 */
export const ohlcBody = body(z.object({ last: z.int() }).catchall(z.array(ohlcRow)));

/** `Time`. */
export const timeBody = body(z.object({ unixtime: z.int(), rfc1123: z.string() }));

/** `SystemStatus`. */
export const systemStatusBody = body(z.object({ status: z.string(), timestamp: z.string() }));

/** A row of `Trades`. */
export type KrakenTradeRow = z.infer<typeof tradeRow>;
/** A row of `OHLC`. */
export type KrakenOhlcRow = z.infer<typeof ohlcRow>;

/** The pair's key and its rows, from a result that also has `last`. */
export function rowsOf<Row>(
  result: Readonly<Record<string, unknown>>,
): { readonly key: string; readonly rows: readonly Row[] } | undefined {
  const entry = Object.entries(result).find(([key]) => key !== 'last');
  return entry && { key: entry[0], rows: entry[1] as readonly Row[] };
}
