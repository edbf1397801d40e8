import { MILLISECOND, SECOND } from '../../../domain/time.ts';
import { fixedPointText, microDollarText, priceText } from '../public/text.ts';
import type { KalshiPrivate } from './port.ts';

const USER = '00000000-0000-4000-8000-000000000001';

/**
 * Frames of a member's own channels (docs.kalshi.com/websockets: fill, user_orders, market_positions,
 * order_group_updates); only the last is numbered.
 */
export function kalshiPrivateText(output: KalshiPrivate, sid: number, nextSeq: () => number): string {
  const millis = Math.floor(output.at / MILLISECOND);
  switch (output.kind) {
    case 'fill': {
      const outcome = output.side === 'bid' ? 'yes' : 'no';
      return JSON.stringify({
        type: 'fill',
        sid,
        msg: {
          trade_id: output.tradeId,
          order_id: output.orderId,
          client_order_id: output.clientOrderId,
          market_ticker: output.ticker,
          exchange_index: output.exchangeIndex,
          is_taker: output.taker,
          side: outcome,
          action: 'buy',
          purchased_side: outcome,
          outcome_side: outcome,
          book_side: output.side,
          yes_price_dollars: priceText(output.ticks),
          count_fp: fixedPointText(output.count),
          fee_cost: microDollarText(output.feeMicroDollars),
          post_position_fp: fixedPointText(output.positionAfter),
          ts: Math.floor(output.at / SECOND),
          ts_ms: millis,
          subaccount: output.subaccount,
        },
      });
    }
    case 'userOrder': {
      const { order } = output;
      return JSON.stringify({
        type: 'user_order',
        sid,
        msg: {
          order_id: order.orderId,
          user_id: USER,
          ticker: order.ticker,
          exchange_index: order.exchangeIndex,
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
          subaccount_number: order.subaccount,
        },
      });
    }
    case 'marketPosition':
      return JSON.stringify({
        type: 'market_position',
        sid,
        msg: {
          user_id: USER,
          market_ticker: output.ticker,
          position_fp: fixedPointText(output.position),
          position_cost_dollars: microDollarText(output.costMicroDollars),
          realized_pnl_dollars: microDollarText(output.realisedMicroDollars),
          fees_paid_dollars: microDollarText(output.feesMicroDollars),
          position_fee_cost_dollars: microDollarText(output.feesMicroDollars),
          volume_fp: fixedPointText(output.volume),
          subaccount: output.subaccount,
        },
      });
    case 'orderGroup':
      return JSON.stringify({
        type: 'order_group_updates',
        sid,
        seq: nextSeq(),
        msg: {
          event_type: output.event,
          order_group_id: output.groupId,
          contracts_limit_fp: fixedPointText(output.contractsLimit),
          ts_ms: millis,
        },
      });
  }
}
