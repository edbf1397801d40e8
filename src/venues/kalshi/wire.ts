import { z } from 'zod';
import { ownFill, ownOrder } from './read-own.ts';

/**
 * Kalshi's WebSocket frames as published in its AsyncAPI document 2.0.0 (docs.kalshi.com/websockets) and seen
 * on the wire in 2026. Unknown keys are tolerated. Frames of other channels, and the integer-cent form that
 * ended in March 2026, are not described here.
 */

/** Fixed-point decimals are strings; sometimes plain JSON numbers have been reported. */
const decimal = z.union([z.string(), z.number()]);
/** A ticker or another name of the venue: visible ASCII, so that it may stand in a path and on a screen. */
const NAME = /^[!-~]{1,64}$/;
export const venueName = z.string().regex(NAME, 'must be a name of at most 64 visible ASCII characters');
const ticker = venueName;
const sid = z.int().nonnegative();
const seq = z.int().positive();

/** The largest time in milliseconds that is still exact in microseconds. */
export const MAX_MILLIS = Math.floor(Number.MAX_SAFE_INTEGER / 1_000);
const millis = z.int().nonnegative().max(MAX_MILLIS);
const unixSeconds = z
  .int()
  .nonnegative()
  .max(Math.floor(MAX_MILLIS / 1_000))
  .nullish();

/**
 * `ts` is RFC 3339 with microseconds in book frames and whole seconds elsewhere; `ts_ms` is its successor.
 */
const clock = {
  ts: z.union([z.string(), z.number()]).optional(),
  ts_ms: millis.optional(),
};

/** Price and count; columns after them are ignored, as unknown keys are. */
const levels = z.array(z.tuple([decimal, decimal]).rest(z.unknown()));

/**
 * A side without levels is absent, so a frame of the older form would look like an empty book. The keys of
 * that form are therefore refused.
 */
export const snapshotFrame = z.object({
  type: z.literal('orderbook_snapshot'),
  sid,
  seq,
  msg: z
    .object({
      market_ticker: ticker,
      yes_dollars_fp: levels.optional(),
      no_dollars_fp: levels.optional(),
      yes: z.unknown().optional(),
      no: z.unknown().optional(),
      yes_dollars: z.unknown().optional(),
      no_dollars: z.unknown().optional(),
    })
    .refine(
      (msg) =>
        (msg.yes_dollars_fp !== undefined || (msg.yes === undefined && msg.yes_dollars === undefined)) &&
        (msg.no_dollars_fp !== undefined || (msg.no === undefined && msg.no_dollars === undefined)),
      'legacy integer-cent levels',
    ),
});

export const deltaFrame = z.object({
  type: z.literal('orderbook_delta'),
  sid,
  seq,
  msg: z.object({
    market_ticker: ticker,
    price_dollars: decimal,
    delta_fp: decimal,
    side: z.enum(['yes', 'no']),
    ...clock,
  }),
});

/** Carries no `seq`. */
export const tickerFrame = z.object({
  type: z.literal('ticker'),
  msg: z.object({
    market_ticker: ticker,
    price_dollars: decimal,
    yes_bid_dollars: decimal,
    yes_ask_dollars: decimal,
    yes_bid_size_fp: decimal,
    yes_ask_size_fp: decimal,
    volume_fp: decimal,
    open_interest_fp: decimal,
    ...clock,
  }),
});

export const tradeFrame = z.object({
  type: z.literal('trade'),
  sid,
  seq,
  msg: z.object({
    trade_id: z.string().min(1).max(128),
    market_ticker: ticker,
    yes_price_dollars: decimal,
    count_fp: decimal,
    taker_book_side: z.enum(['bid', 'ask']),
    is_block_trade: z.boolean(),
    ...clock,
  }),
});

const priceRanges = z.array(z.object({ start: decimal, end: decimal, step: decimal }));

/**
 * Strikes are inside `additional_metadata` when a market is created, and at the top level when its metadata
 * is updated.
 */
const strikes = {
  strike_type: z.string().nullish(),
  floor_strike: decimal.nullish(),
  cap_strike: decimal.nullish(),
};

export const lifecycleFrame = z.object({
  type: z.literal('market_lifecycle_v2'),
  sid,
  seq,
  msg: z.object({
    market_ticker: ticker,
    event_type: z.string().min(1).max(64),
    exchange_index: z.int().nonnegative().nullish(),
    open_ts: unixSeconds,
    close_ts: unixSeconds,
    result: z.string().nullish(),
    is_deactivated: z.boolean().nullish(),
    price_ranges: priceRanges.nullish(),
    ...strikes,
    additional_metadata: z
      .object({
        event_ticker: ticker.nullish(),
        /** Sentences that state, among other things, how the market settles. */
        rules_secondary: z.string().nullish().catch(undefined),
        ...strikes,
      })
      .nullish(),
  }),
});

/** Both share the lifecycle channel and its sequence. Their content is kept only as text. */
export const eventFrame = z.object({
  type: z.enum(['event_lifecycle', 'event_fee_update']),
  sid,
  seq,
  msg: z.object({
    event_ticker: ticker,
    fee_type_override: z.string().nullish(),
    fee_multiplier_override: decimal.nullish(),
  }),
});

/** The index once a second; `data` is JSON inside a string (`indexData`). */
export const indexFrame = z.object({
  type: z.literal('cfbenchmarks_value'),
  sid,
  seq,
  msg: z.object({ index_id: ticker, data: z.string() }),
});

export const indexData = z.object({
  type: z.literal('value'),
  time: millis,
  id: z.string(),
  value: decimal,
});

/** The index five times a second, with its value and source time beside `data`. */
export const fastIndexFrame = z.object({
  type: z.literal('cfbenchmarks_value_5hz'),
  sid,
  seq,
  msg: z.object({
    index_id: ticker,
    value_usd: decimal,
    source_ts_ms: millis,
  }),
});

export const subscribedFrame = z.object({
  type: z.literal('subscribed'),
  msg: z.object({ channel: z.string().max(64), sid }),
});

/** `seq` is present if the subscription is sequenced. The reply then uses up one of its numbers. */
export const replyFrame = z.object({
  type: z.enum(['ok', 'unsubscribed']),
  sid: sid.optional(),
  seq: seq.optional(),
  /** After a change of markets this is the full list. Other replies have other bodies, or none. */
  msg: z
    .object({ market_tickers: z.array(z.string()).optional() })
    .optional()
    .catch(undefined),
});

export const errorFrame = z.object({
  type: z.literal('error'),
  sid: sid.optional(),
  seq: seq.optional(),
  msg: z.object({
    code: z.int(),
    msg: z.string().optional(),
    market_ticker: ticker.optional().catch(undefined),
  }),
});

export type DeltaFrame = z.infer<typeof deltaFrame>;
export type SnapshotFrame = z.infer<typeof snapshotFrame>;
export type TickerFrame = z.infer<typeof tickerFrame>;
export type TradeFrame = z.infer<typeof tradeFrame>;
export type LifecycleFrame = z.infer<typeof lifecycleFrame>;

const natural = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most && Number.isInteger(value);

const name = (value: unknown): boolean => typeof value === 'string' && NAME.test(value);
const decimalLike = (value: unknown): boolean =>
  typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));

/**
 * Accepts exactly what `deltaFrame` accepts, at a tenth of its cost: 92 of 100 recorded frames are deltas.
 */
export function isDelta(frame: unknown): frame is DeltaFrame {
  if (typeof frame !== 'object' || frame === null) return false;
  const { type, sid, seq, msg } = frame as Readonly<Record<string, unknown>>;
  if (
    type !== 'orderbook_delta' ||
    !natural(sid, 0, Number.MAX_SAFE_INTEGER) ||
    !natural(seq, 1, Number.MAX_SAFE_INTEGER)
  )
    return false;
  if (typeof msg !== 'object' || msg === null) return false;
  const { market_ticker, price_dollars, delta_fp, side, ts, ts_ms } = msg as Readonly<
    Record<string, unknown>
  >;
  return (
    (side === 'yes' || side === 'no') &&
    name(market_ticker) &&
    decimalLike(price_dollars) &&
    decimalLike(delta_fp) &&
    (ts === undefined || decimalLike(ts)) &&
    (ts_ms === undefined || natural(ts_ms, 0, MAX_MILLIS))
  );
}

/** A match of ours. The channel has no sequence, so a lost frame leaves no hole. */
export const fillFrame = z.object({
  type: z.literal('fill'),
  sid,
  msg: ownFill.extend({ ...clock, subaccount: z.int().nullish() }),
});

/** A change of an order of ours; without a sequence too. */
export const userOrderFrame = z.object({
  type: z.literal('user_order'),
  sid,
  msg: ownOrder.extend({ subaccount_number: z.int().nullish() }),
});

/** A position of ours after a change; without a sequence too. */
export const positionFrame = z.object({
  type: z.literal('market_position'),
  sid,
  msg: z.object({
    market_ticker: ticker,
    position_fp: decimal,
    position_cost_dollars: decimal,
    subaccount: z.int().nullish(),
  }),
});

/** A change of a group of our orders. Of our own channels only this one has a sequence. */
export const groupFrame = z.object({
  type: z.literal('order_group_updates'),
  sid,
  seq: seq.optional(),
  msg: z.object({
    event_type: z.string().min(1).max(64),
    order_group_id: venueName,
    contracts_limit_fp: decimal.nullish(),
    ...clock,
  }),
});

export type PositionFrame = z.infer<typeof positionFrame>;
export type GroupFrame = z.infer<typeof groupFrame>;
