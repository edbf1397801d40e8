import { MILLISECOND, SECOND } from '../domain/time.ts';
import type { KalshiPrivate } from './kalshi-exchange-port.ts';
import { fixedPointText, microDollarText, priceText } from './kalshi-text.ts';

const USER = '00000000-0000-4000-8000-000000000001';

/** Frames of a member's own channels (docs.kalshi.com/websockets: fill, user_orders, market_positions, order_group_updates); only the last is numbered. */
export function kalshiPrivateText(said: KalshiPrivate, sid: number, nextSeq: () => number): string {
  const millis = Math.floor(said.at / MILLISECOND);
  switch (said.kind) {
    case 'fill': {
      const outcome = said.side === 'bid' ? 'yes' : 'no';
      return JSON.stringify({
        type: 'fill',
        sid,
        msg: {
          trade_id: said.tradeId,
          order_id: said.orderId,
          client_order_id: said.clientOrderId,
          market_ticker: said.ticker,
          exchange_index: 2,
          is_taker: said.taker,
          side: outcome,
          action: 'buy',
          purchased_side: outcome,
          outcome_side: outcome,
          book_side: said.side,
          yes_price_dollars: priceText(said.ticks),
          count_fp: fixedPointText(said.count),
          fee_cost: microDollarText(said.feeMicroDollars),
          post_position_fp: fixedPointText(said.positionAfter),
          ts: Math.floor(said.at / SECOND),
          ts_ms: millis,
          subaccount: 0,
        },
      });
    }
    case 'userOrder': {
      const { order } = said;
      return JSON.stringify({
        type: 'user_order',
        sid,
        msg: {
          order_id: order.orderId,
          user_id: USER,
          ticker: order.ticker,
          exchange_index: 2,
          status: order.status,
          side: order.side === 'bid' ? 'yes' : 'no',
          outcome_side: order.side === 'bid' ? 'yes' : 'no',
          book_side: order.side,
          yes_price_dollars: priceText(order.ticks),
          fill_count_fp: fixedPointText(order.filled),
          remaining_count_fp: fixedPointText(order.remaining),
          initial_count_fp: fixedPointText(order.initial),
          taker_fill_cost_dollars: microDollarText(order.takerCostMicroDollars),
          maker_fill_cost_dollars: microDollarText(order.makerCostMicroDollars),
          taker_fees_dollars: microDollarText(order.takerFeesMicroDollars),
          maker_fees_dollars: microDollarText(order.makerFeesMicroDollars),
          client_order_id: order.clientOrderId,
          ...(order.groupId !== undefined && { order_group_id: order.groupId }),
          created_ts_ms: Math.floor(order.createdAt / MILLISECOND),
          last_updated_ts_ms: Math.floor(order.updatedAt / MILLISECOND),
          ...(order.expiresAt !== undefined && {
            expiration_ts_ms: Math.floor(order.expiresAt / MILLISECOND),
          }),
          subaccount_number: 0,
        },
      });
    }
    case 'marketPosition':
      return JSON.stringify({
        type: 'market_position',
        sid,
        msg: {
          user_id: USER,
          market_ticker: said.ticker,
          position_fp: fixedPointText(said.position),
          position_cost_dollars: microDollarText(said.costMicroDollars),
          realized_pnl_dollars: microDollarText(said.realisedMicroDollars),
          fees_paid_dollars: microDollarText(said.feesMicroDollars),
          position_fee_cost_dollars: microDollarText(said.feesMicroDollars),
          volume_fp: fixedPointText(said.volume),
          subaccount: 0,
        },
      });
    case 'orderGroup':
      return JSON.stringify({
        type: 'order_group_updates',
        sid,
        seq: nextSeq(),
        msg: {
          event_type: said.event,
          order_group_id: said.groupId,
          contracts_limit_fp: fixedPointText(said.contractsLimit),
          ts_ms: millis,
        },
      });
  }
}
