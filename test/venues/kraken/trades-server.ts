import { type Micros, SECOND } from '../../../src/domain/time.ts';
import type { HttpAnswer } from '../../../src/transport/http.ts';
import type { KrakenTradeRow } from '../../../src/venues/kraken/rest-wire.ts';
import { body } from '../../support/hand-http.ts';

/** A trade and its time in nanoseconds, which is what REST pages by. */
export interface Printed {
  readonly nanos: bigint;
  readonly row: KrakenTradeRow;
}

/**
 * REST `Trades` of a made-up market: rows by time, paged by 19 digits of nanoseconds kept as text throughout. With `inclusive` a page begins with the trades at
 * `since` itself, as it does where equal nanoseconds straddle pages.
 */
export function pagesOf(
  trades: readonly Printed[],
  pageSize = 1_000,
  inclusive = false,
): {
  readonly rows: readonly KrakenTradeRow[];
  readonly answer: (request: { readonly url: string }) => HttpAnswer;
} {
  return {
    rows: trades.map(({ row }) => row),
    answer: ({ url }) => {
      const since = new URL(url).searchParams.get('since') ?? '0';
      const page = trades
        .filter(({ nanos }) => nanos > BigInt(since) - (inclusive ? 1n : 0n))
        .slice(0, pageSize);
      return body(
        JSON.stringify({
          error: [],
          result: { XXBTZUSD: page.map(({ row }) => row), last: String(page.at(-1)?.nanos ?? since) },
        }),
      );
    },
  };
}

/** A trade of id `tradeId` at a time in nanoseconds. */
export const printed = (
  tradeId: number,
  nanos: bigint,
  price = 60_000 + (tradeId % 7),
  lots = 1,
): Printed => ({
  nanos,
  row: [
    `${price.toFixed(5)}`,
    `${(lots / 1e4).toFixed(8)}`,
    Number(nanos / 100n) / 1e7,
    tradeId % 2 ? 'b' : 's',
    'l',
    '',
    tradeId,
  ],
});

/** Trades at even times. */
export const tradesServer = ({
  count,
  firstId,
  startAt,
  everyMicros = SECOND,
  pageSize = 1_000,
}: {
  readonly count: number;
  readonly firstId: number;
  readonly startAt: Micros;
  readonly everyMicros?: Micros;
  readonly pageSize?: number;
}) =>
  pagesOf(
    Array.from({ length: count }, (_, n) => printed(firstId + n, BigInt(startAt + n * everyMicros) * 1_000n)),
    pageSize,
  );
