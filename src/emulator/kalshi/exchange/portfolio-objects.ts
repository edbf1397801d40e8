import { MILLISECOND, type Micros, SECOND } from '../../../domain/time.ts';
import { fixedPointText, microDollarText, priceText } from '../public/text.ts';
import type { FillRow, SettlementRow } from './account.ts';
import type { CashMove } from './cash-moves.ts';
import type { HeldOrder } from './matching.ts';

const USER = '00000000-0000-4000-8000-000000000001';
const DOLLAR_TICKS = 10_000;

/** Time with microseconds, as the exchange writes it in portfolios. */
export const isoText = (at: Micros): string => {
  const text = new Date(Math.floor(at / MILLISECOND)).toISOString().slice(0, -1);
  return `${text}${String(Math.floor(at) % 1_000).padStart(3, '0')}Z`;
};
const outcome = (side: 'bid' | 'ask'): 'yes' | 'no' => (side === 'bid' ? 'yes' : 'no');

/** An order of `/portfolio/orders`, with the keys recorded on 11 June 2026. */
export const orderObject = ({ view, prevention }: HeldOrder): Readonly<Record<string, unknown>> => ({
  action: 'buy',
  book_side: view.side,
  cancel_order_on_pause: view.cancelOnPause,
  client_order_id: view.clientOrderId,
  created_time: isoText(view.createdAt),
  exchange_index: view.exchangeIndex,
  ...(view.expiresAt !== undefined && { expiration_time: isoText(view.expiresAt) }),
  fill_count_fp: fixedPointText(view.filled),
  initial_count_fp: fixedPointText(view.initial),
  last_update_time: isoText(view.updatedAt),
  maker_fees_dollars: microDollarText(view.makerFeesMicroDollars),
  maker_fill_cost_dollars: microDollarText(view.makerCostMicroDollars),
  no_price_dollars: priceText(DOLLAR_TICKS - view.ticks),
  ...(view.groupId !== undefined && { order_group_id: view.groupId }),
  order_id: view.orderId,
  outcome_side: outcome(view.side),
  remaining_count_fp: fixedPointText(view.remaining),
  self_trade_prevention_type: prevention,
  side: outcome(view.side),
  status: view.status,
  subaccount_number: view.subaccount,
  taker_fees_dollars: microDollarText(view.takerFeesMicroDollars),
  taker_fill_cost_dollars: microDollarText(view.takerCostMicroDollars),
  ticker: view.ticker,
  type: 'limit',
  user_id: USER,
  yes_price_dollars: priceText(view.ticks),
});
/** A fill of `/portfolio/fills`. */
export const fillObject = (row: FillRow): Readonly<Record<string, unknown>> => ({
  action: 'buy',
  book_side: row.side,
  count_fp: fixedPointText(row.count),
  created_time: isoText(row.at),
  exchange_index: row.exchangeIndex,
  fee_cost: microDollarText(row.feeMicroDollars),
  fill_id: row.tradeId,
  is_taker: row.taker,
  market_ticker: row.ticker,
  no_price_dollars: priceText(DOLLAR_TICKS - row.ticks),
  order_id: row.orderId,
  outcome_side: outcome(row.side),
  side: outcome(row.side),
  subaccount_number: row.subaccount,
  ticker: row.ticker,
  trade_id: row.tradeId,
  ts: Math.floor(row.at / SECOND),
  yes_price_dollars: priceText(row.ticks),
});
/** A settlement of `/portfolio/settlements`; `revenue` and `value` are cents. */
export const settlementObject = (row: SettlementRow): Readonly<Record<string, unknown>> => ({
  ticker: row.contract.ticker,
  exchange_index: row.contract.exchangeIndex,
  event_ticker: row.contract.event,
  market_result: row.result,
  yes_count_fp: fixedPointText(Math.max(0, row.position)),
  yes_total_cost_dollars: microDollarText(row.position > 0 ? row.cost : 0),
  no_count_fp: fixedPointText(Math.max(0, -row.position)),
  no_total_cost_dollars: microDollarText(row.position < 0 ? row.cost : 0),
  revenue: Math.round(row.revenue / 10_000),
  value: row.result === 'yes' ? 100 : 0,
  fee_cost: microDollarText(row.fees),
  settled_time: isoText(row.at),
});
/** A row of `/portfolio/deposits` or `/portfolio/withdrawals`; times are Unix seconds. */
export const cashMoveObject = (move: CashMove): Readonly<Record<string, unknown>> => ({
  id: move.id,
  status: move.status,
  type: 'ach',
  amount_cents: move.cents,
  fee_cents: 0,
  created_ts: Math.floor(move.createdAt / SECOND),
  finalized_ts: move.finalisedAt === undefined ? null : Math.floor(move.finalisedAt / SECOND),
});
