import { z } from 'zod';
import type {
  CashMoved,
  OrderGroupChanged,
  VenueAsOf,
  VenueBalance,
  VenueOrders,
  VenuePosition,
  VenuePositions,
  VenueSettlement,
} from '../../domain/events/venue-account.ts';
import { cash, count } from '../../domain/money.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import { decimal } from './decimal.ts';
import type { ownOrder } from './read-own.ts';
import { timeOf } from './reading.ts';
import type { GroupFrame, PositionFrame } from './wire.ts';

const amount = z.union([z.string(), z.number()]);

/** `GET /portfolio/balance`. */
export const balanceBody = z.object({
  balance_breakdown: z.array(z.object({ exchange_index: z.int(), balance: amount })),
});

/** `GET /portfolio/positions`. A page that has a successor is not the whole account. */
export const positionsBody = z.object({
  cursor: z.string().nullish(),
  market_positions: z.array(
    z.object({ ticker: z.string().min(1), position_fp: amount, market_exposure_dollars: amount }),
  ),
});

/** `GET /exchange/user_data_timestamp`. */
export const asOfBody = z.object({ as_of_time: z.string() });

/** The largest time in seconds that is still exact in microseconds. */
const MAX_SECONDS = Math.floor(Number.MAX_SAFE_INTEGER / SECOND);
const unixSeconds = z.int().nonnegative().max(MAX_SECONDS);
/** More cents than this are not exact in $0.0001. */
const cents = z
  .int()
  .nonnegative()
  .max(Math.floor(Number.MAX_SAFE_INTEGER / 100));

const cashMove = z.object({
  id: z.string().min(1).max(128),
  status: z.string(),
  amount_cents: cents,
  fee_cents: cents,
  created_ts: unixSeconds,
  finalized_ts: unixSeconds.nullish(),
});

/** `GET /portfolio/deposits` and `GET /portfolio/withdrawals`. */
export const depositsBody = z.object({ deposits: z.array(cashMove) });
export const withdrawalsBody = z.object({ withdrawals: z.array(cashMove) });

/** `GET /portfolio/settlements`. */
export const settlementsBody = z.object({
  settlements: z.array(
    z.object({
      ticker: z.string().min(1),
      market_result: z.string(),
      yes_count_fp: amount,
      no_count_fp: amount,
      settled_time: z.string(),
    }),
  ),
});

const CENT = 100;
/** $0.0001 that 0.01 contracts pay. */
const PAID_PER_COUNT = 100;

/** Our cash by shard, or why it cannot be read. */
export function readBalance(
  { balance_breakdown: shards }: z.infer<typeof balanceBody>,
  receivedAt: Micros,
): VenueBalance | string {
  const byShard: { readonly index: number; readonly cash: ReturnType<typeof cash> }[] = [];
  for (const { exchange_index: index, balance } of shards) {
    const found = decimal(balance, 4);
    if (found === undefined) return `the balance of shard ${index} must be in $0.0001, was ${balance}`;
    byShard.push({ index, cash: cash(found) });
  }
  return { kind: 'venueBalance', at: receivedAt, receivedAt, byShard };
}

/** A position and its cost, or why it cannot be read. */
function heldOf(
  ticker: string,
  text: string | number,
  cost: string | number,
): VenuePositions['positions'][number] | string {
  const position = decimal(text, 2);
  const paidMicros = decimal(cost, 6);
  if (!(paidMicros !== undefined && paidMicros >= 0))
    return `the exposure in ${ticker} must not be negative, was ${cost}`;
  if (position === undefined) return `the position in ${ticker} must be a multiple of 0.01, was ${text}`;
  return { ticker, position: count(position), paid: cash(Math.ceil(paidMicros / 100)) };
}

/** All our positions, or why they cannot be read. */
export function readPositions(
  { cursor, market_positions: rows }: z.infer<typeof positionsBody>,
  receivedAt: Micros,
): VenuePositions | string {
  if (cursor) return 'there are more positions than one page holds';
  const positions: VenuePositions['positions'][number][] = [];
  for (const { ticker, position_fp: text, market_exposure_dollars: exposure } of rows) {
    const held = heldOf(ticker, text, exposure);
    if (typeof held === 'string') return held;
    if (held.position !== 0) positions.push(held);
  }
  return { kind: 'venuePositions', at: receivedAt, receivedAt, positions };
}

/** One position after a change, or why it cannot be read. */
export function readPosition({ msg }: PositionFrame, receivedAt: Micros): VenuePosition | string {
  const held = heldOf(msg.market_ticker, msg.position_fp, msg.position_cost_dollars);
  return typeof held === 'string' ? held : { kind: 'venuePosition', at: receivedAt, receivedAt, ...held };
}

const GROUP_CHANGES: readonly OrderGroupChanged['change'][] = [
  'created',
  'triggered',
  'reset',
  'deleted',
  'limit_updated',
];

/** A change of a group of our orders, or why it cannot be read. */
export function readGroup({ msg }: GroupFrame, receivedAt: Micros): OrderGroupChanged | string {
  const change = GROUP_CHANGES.find((known) => known === msg.event_type);
  const text = msg.contracts_limit_fp ?? undefined;
  const limit = text === undefined ? undefined : decimal(text, 2);
  if (change === undefined)
    return `event_type must be one of ${GROUP_CHANGES.join(', ')}, was ${msg.event_type}`;
  if (text !== undefined && !(limit !== undefined && limit >= 0))
    return `contracts_limit_fp must be a multiple of 0.01, was ${text}`;
  return {
    kind: 'orderGroup',
    at: timeOf(msg, receivedAt),
    receivedAt,
    groupId: msg.order_group_id,
    change,
    limit: limit === undefined ? undefined : count(limit),
  };
}

/** Up to when reads of our account are valid, or why that cannot be read. */
export function readAsOf(
  { as_of_time: text }: z.infer<typeof asOfBody>,
  receivedAt: Micros,
): VenueAsOf | string {
  const asOf = rfc3339Micros(text);
  return asOf === undefined
    ? `as_of_time must be a time, was ${text}`
    : { kind: 'venueAsOf', at: receivedAt, receivedAt, asOf };
}

/** The queries of a list that do not leave orders out, apart from those before `min_ts`. */
const WHOLE = new Set(['min_ts', 'limit', 'cursor', 'subaccount']);

/**
 * Which orders a page of `GET /portfolio/orders` lists, including those whose state cannot be read; undefined
 * for a list that leaves some out, such as one of a status.
 */
export function readOrdersPage(
  orders: readonly Pick<z.infer<typeof ownOrder>, 'order_id' | 'client_order_id'>[],
  cursor: string | null | undefined,
  query: URLSearchParams,
  receivedAt: Micros,
): VenueOrders | undefined {
  const seconds = Number(query.get('min_ts') ?? 0);
  if ([...query.keys()].some((key) => !WHOLE.has(key))) return undefined;
  if (!(Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_SECONDS)) return undefined;
  return {
    kind: 'venueOrders',
    at: receivedAt,
    receivedAt,
    clientOrderIds: orders.map((order) => order.client_order_id || order.order_id),
    since: seconds * SECOND,
    first: !query.has('cursor'),
    complete: !cursor,
  };
}

/** The deposits or withdrawals that were applied; those that are pending, failed or returned move nothing. */
export const readCashMoves = (
  change: CashMoved['change'],
  moves: readonly z.infer<typeof cashMove>[],
  receivedAt: Micros,
): readonly CashMoved[] =>
  moves.flatMap((move) =>
    move.status === 'applied'
      ? [
          {
            kind: 'cashMoved',
            at: receivedAt,
            receivedAt,
            id: move.id,
            change,
            cash: cash(move.amount_cents * CENT),
            fee: cash(move.fee_cents * CENT),
            appliedAt: (move.finalized_ts ?? move.created_ts) * SECOND,
          },
        ]
      : [],
  );

/** What a contract of ours was settled at and paid, or why that cannot be read. */
export function readSettlement(
  row: z.infer<typeof settlementsBody>['settlements'][number],
  receivedAt: Micros,
): VenueSettlement | string {
  const { ticker, market_result: result } = row;
  const yes = decimal(row.yes_count_fp, 2);
  const no = decimal(row.no_count_fp, 2);
  const settledAt = rfc3339Micros(row.settled_time);
  if (result !== 'yes' && result !== 'no') return `the result of ${ticker} must be yes or no, was ${result}`;
  if (!(yes !== undefined && yes >= 0 && no !== undefined && no >= 0))
    return `the counts of ${ticker} must be multiples of 0.01, were ${row.yes_count_fp} and ${row.no_count_fp}`;
  if (settledAt === undefined) return `settled_time of ${ticker} must be a time, was ${row.settled_time}`;
  const paid = (result === 'yes' ? yes : no) * PAID_PER_COUNT;
  if (!Number.isSafeInteger(paid)) return `the counts of ${ticker} are too large`;
  return {
    kind: 'venueSettlement',
    at: receivedAt,
    receivedAt,
    ticker,
    result,
    yesCount: count(yes),
    noCount: count(no),
    paidOut: cash(paid),
    settledAt,
  };
}
