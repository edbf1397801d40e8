import { z } from 'zod';
import type { Asset } from '../../domain/asset.ts';
import type { CodecEvent, FeeTermsChanged, VenueEvent } from '../../domain/events/venue.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import type { Micros } from '../../domain/time.ts';
import type { RestDecoder } from '../../operators/decode.ts';
import { boundBroken } from '../../transport/json-bounds.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { rejectedFrame, shortened } from '../../transport/rejected-frame.ts';
import { assetsBySeries } from './assets-by-series.ts';
import { seriesOf } from './complete-contract.ts';
import { contractFromMarket } from './contract-from-market.ts';
import { type OwnOrders, ownOrders } from './own-orders.ts';
import {
  asOfBody,
  balanceBody,
  depositsBody,
  positionsBody,
  readAsOf,
  readBalance,
  readCashMoves,
  readOrdersPage,
  readPositions,
  readSettlement,
  settlementsBody,
  withdrawalsBody,
} from './read-account.ts';
import { levelsOf } from './read-book.ts';
import { readFee } from './read-fee.ts';
import { ownFill, ownOrder, readOwnFill, readOwnOrder } from './read-own.ts';
import { venueName } from './wire.ts';

const ordersBody = z.object({ cursor: z.string().nullish(), orders: z.array(ownOrder) });
const fillsBody = z.object({ fills: z.array(ownFill.extend({ created_time: z.string().nullish() })) });

const PREFIX = '/trade-api/v2';

/** Price and count; columns after them are ignored, as unknown keys are. */
const level = z
  .tuple([z.union([z.string(), z.number()]), z.union([z.string(), z.number()])])
  .rest(z.unknown());
const book = z.object({ yes_dollars: z.array(level).nullish(), no_dollars: z.array(level).nullish() });
const oneBook = z.object({ orderbook_fp: book });
const manyBooks = z.object({
  orderbooks: z.array(z.object({ ticker: venueName, orderbook_fp: book })),
});
const listed = z.object({ ticker: z.string() });
const markets = z.object({ markets: z.array(listed.loose()) });
const market = z.object({ market: listed.loose() });
const series = z.object({
  series: z.object({
    ticker: venueName,
    fee_type: z.string(),
    fee_multiplier: z.union([z.string(), z.number()]),
  }),
});
const event = z.object({
  event: z.object({
    event_ticker: venueName,
    fee_type_override: z.string().nullish(),
    fee_multiplier_override: z.union([z.string(), z.number()]).nullish(),
  }),
});
const status = z.object({
  exchange_active: z.boolean(),
  trading_active: z.boolean(),
  exchange_estimated_resume_time: z.string().nullish(),
  exchange_index_statuses: z
    .array(
      z.object({
        exchange_index: z.int(),
        exchange_active: z.boolean().optional(),
        trading_active: z.boolean().optional(),
      }),
    )
    .nullish(),
});

/**
 * Reads bodies of Kalshi's REST: markets, books, fee terms of series and events, exchange status. It is
 * total: a market or body that cannot be read gives one `rejected`. Markets of series of no asset, and
 * resources that the graph does not use, give nothing. NO levels of books always have NO prices, whatever
 * subscriptions ask for. The top level of the status describes the exchange, which means shard 0; the state
 * of every shard is listed in `shards`.
 */
export function kalshiRestDecoder({
  assets,
  own = ownOrders(),
}: {
  readonly assets: readonly Asset[];
  /** Shared with the socket's codec of the same subscription. */
  readonly own?: OwnOrders;
}): RestDecoder {
  const bySeries = assetsBySeries(assets);
  return (resource, text, receivedAt) => {
    const path = (resource.split('?', 1)[0] ?? '').replace(PREFIX, '');
    const read = readerOf(path, bySeries) ?? ownReaderOf(path, resource, own);
    if (!read) return [];
    const json = jsonOf(text);
    if (json === undefined)
      return [rejected(`${path}: ${boundBroken(text) ?? 'not JSON'}`, text, receivedAt)];
    return read(json, receivedAt).map((found) =>
      typeof found === 'string' ? rejected(`${path}: ${found}`, text, receivedAt) : found,
    );
  };
}

const rejected = (why: string, text: string, receivedAt: Micros): VenueEvent =>
  rejectedFrame('kalshi', text, receivedAt, `REST ${why}`);

type Found = CodecEvent | string;
type Reader = (json: unknown, receivedAt: Micros) => readonly Found[];

const checked =
  <T>(schema: z.ZodType<T>, then: (value: T, receivedAt: Micros) => readonly Found[]): Reader =>
  (json, receivedAt) => {
    const { success, data, error } = schema.safeParse(json);
    if (success) return then(data, receivedAt);
    const issue = error.issues[0];
    return [`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`];
  };

function readerOf(path: string, bySeries: ReadonlyMap<string, Asset>): Reader | undefined {
  const marketFound = (each: { readonly ticker: string }, receivedAt: Micros): readonly Found[] => {
    const asset = bySeries.get(seriesOf(each.ticker));
    if (!asset) return [];
    const found = contractFromMarket(each, asset);
    if (found.kind === 'unlisted') return [`${each.ticker}: ${found.why}`];
    return [{ ...found, kind: 'contractListed', at: receivedAt, receivedAt }];
  };
  if (path === '/markets')
    return checked(markets, (body, at) => body.markets.flatMap((each) => marketFound(each, at)));
  if (path === '/markets/orderbooks')
    return checked(manyBooks, (body, at) =>
      body.orderbooks.map(({ ticker, orderbook_fp }) => snapshot(ticker, orderbook_fp, at)),
    );
  if (path === '/exchange/status') return checked(status, (body, at) => [venueStatus(body, at)]);
  const [, room, ticker, rest] = path.split('/');
  if (room === 'markets' && ticker !== undefined && rest === 'orderbook')
    return checked(oneBook, (body, at) => {
      const name = unescaped(ticker);
      return [name === undefined ? 'the ticker is badly escaped' : snapshot(name, body.orderbook_fp, at)];
    });
  if (room === 'markets' && ticker !== undefined && ticker !== 'trades' && rest === undefined)
    return checked(market, (body, at) => marketFound(body.market, at));
  if (room === 'series' && ticker !== undefined && ticker !== 'fee_changes' && rest === undefined)
    return checked(series, ({ series: { ticker: name, fee_type, fee_multiplier } }, at) => [
      feeTerms('series', name, readFee(fee_type, fee_multiplier), at),
    ]);
  if (room === 'events' && ticker !== undefined && rest === undefined)
    return checked(
      event,
      ({ event: { event_ticker: name, fee_type_override, fee_multiplier_override } }, at) => {
        const lifted = fee_type_override == null;
        const fee = lifted ? undefined : readFee(fee_type_override, fee_multiplier_override ?? 1);
        return [feeTerms('event', name, fee, at)];
      },
    );
  return undefined;
}

/** Reads our own account: orders before fills, since fills name orders by the venue's id. */
function ownReaderOf(path: string, resource: string, own: OwnOrders): Reader | undefined {
  switch (path) {
    case '/portfolio/orders':
      return checked(ordersBody, ({ orders, cursor }, at) => {
        const query = new URLSearchParams(resource.split('?', 2)[1] ?? '');
        const page = readOrdersPage(orders, cursor, query, at);
        return [...orders.map((order) => readOwnOrder(order, own, at)), ...(page ? [page] : [])];
      });
    case '/portfolio/fills':
      return checked(fillsBody, (body, at) =>
        body.fills.map((fill) => readOwnFill(fill, own, rfc3339Micros(fill.created_time ?? '') ?? at)),
      );
    case '/portfolio/balance':
      return checked(balanceBody, (body, at) => [readBalance(body, at)]);
    case '/portfolio/positions':
      return checked(positionsBody, (body, at) => [readPositions(body, at)]);
    case '/exchange/user_data_timestamp':
      return checked(asOfBody, (body, at) => [readAsOf(body, at)]);
    case '/portfolio/deposits':
      return checked(depositsBody, (body, at) => readCashMoves('deposit', body.deposits, at));
    case '/portfolio/withdrawals':
      return checked(withdrawalsBody, (body, at) => readCashMoves('withdrawal', body.withdrawals, at));
    case '/portfolio/settlements':
      return checked(settlementsBody, (body, at) => body.settlements.map((row) => readSettlement(row, at)));
    default:
      return undefined;
  }
}

/** A part of a path without its escapes; undefined if it is badly escaped. */
function unescaped(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

const feeTerms = (
  scope: FeeTermsChanged['scope'],
  ticker: string,
  fee: FeeTermsChanged['fee'],
  receivedAt: Micros,
): FeeTermsChanged => ({ kind: 'feeTerms', at: receivedAt, receivedAt, scope, ticker, fee });

function snapshot(ticker: string, levels: z.infer<typeof book>, receivedAt: Micros): Found {
  const bids = levelsOf(levels.yes_dollars ?? [], true);
  const asks = levelsOf(levels.no_dollars ?? [], false);
  if (typeof bids === 'string') return `${ticker}: yes_dollars: ${bids}`;
  if (typeof asks === 'string') return `${ticker}: no_dollars: ${asks}`;
  return {
    kind: 'contractSnapshot',
    at: receivedAt,
    receivedAt,
    ticker,
    sid: undefined,
    seq: undefined,
    bids,
    asks,
  };
}

function venueStatus(body: z.infer<typeof status>, receivedAt: Micros): VenueEvent {
  const { exchange_active: exchange, trading_active: trading } = body;
  const shards = body.exchange_index_statuses?.map(({ exchange_index: index, ...shard }) => ({
    index,
    trading: (shard.exchange_active ?? exchange) && (shard.trading_active ?? trading),
  }));
  const apart = shards?.filter((shard) => shard.trading !== (exchange && trading)) ?? [];
  return {
    kind: 'venueStatus',
    at: receivedAt,
    receivedAt,
    venue: 'kalshi',
    trading: exchange && trading,
    detail: shortened(
      [
        `exchange ${exchange ? 'active' : 'paused'}`,
        `trading ${trading ? 'active' : 'paused'}`,
        ...apart.map((shard) => `shard ${shard.index} ${shard.trading ? 'active' : 'paused'}`),
        ...(body.exchange_estimated_resume_time ? [`back about ${body.exchange_estimated_resume_time}`] : []),
      ].join(', '),
    ),
    ...(shards && { shards }),
  };
}
