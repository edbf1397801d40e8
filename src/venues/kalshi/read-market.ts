import { type Count, DOLLAR_TICKS, type PriceTicks } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import { decimal, MOST_COUNT } from './decimal.ts';
import { type Reading, restingTicks, timeOf } from './reading.ts';
import type { TickerFrame, TradeFrame } from './wire.ts';

/**
 * Reads the top of book and the volume. An empty bid side comes as price 0 with size 0, an empty ask side as
 * one dollar with size 0.
 */
export function readTicker({ msg }: TickerFrame, receivedAt: Micros): Reading {
  const last = decimal(msg.price_dollars, 4);
  const bid = decimal(msg.yes_bid_dollars, 4);
  const ask = decimal(msg.yes_ask_dollars, 4);
  const bidCount = decimal(msg.yes_bid_size_fp, 2);
  const askCount = decimal(msg.yes_ask_size_fp, 2);
  const volume = decimal(msg.volume_fp, 2);
  const openInterest = decimal(msg.open_interest_fp, 2);
  if (last === undefined || last < 0 || last > DOLLAR_TICKS)
    return `price_dollars must be 0 to 1, was ${msg.price_dollars}`;
  if (volume === undefined || volume < 0) return `volume_fp must be a multiple of 0.01, was ${msg.volume_fp}`;
  if (openInterest === undefined || openInterest < 0)
    return `open_interest_fp must be a multiple of 0.01, was ${msg.open_interest_fp}`;
  const noBid = bid === 0 && bidCount === 0;
  const noAsk = ask === DOLLAR_TICKS && askCount === 0;
  if (!noBid && (restingTicks(msg.yes_bid_dollars) === undefined || !((bidCount ?? -1) >= 0)))
    return `yes bid must be a price and a count, was ${msg.yes_bid_dollars} × ${msg.yes_bid_size_fp}`;
  if (!noAsk && (restingTicks(msg.yes_ask_dollars) === undefined || !((askCount ?? -1) >= 0)))
    return `yes ask must be a price and a count, was ${msg.yes_ask_dollars} × ${msg.yes_ask_size_fp}`;
  return {
    kind: 'contractTicker',
    at: timeOf(msg, receivedAt),
    receivedAt,
    ticker: msg.market_ticker,
    lastTicks: last as PriceTicks,
    bidTicks: noBid ? undefined : (bid as PriceTicks),
    askTicks: noAsk ? undefined : (ask as PriceTicks),
    volume: volume as Count,
    openInterest: openInterest as Count,
  };
}

/** Reads a public trade. */
export function readTrade({ sid, seq, msg }: TradeFrame, receivedAt: Micros): Reading {
  const ticks = restingTicks(msg.yes_price_dollars);
  if (ticks === undefined) return `yes_price_dollars must be 0.0001 to 0.9999, was ${msg.yes_price_dollars}`;
  const count = decimal(msg.count_fp, 2);
  if (count === undefined || count <= 0 || count > MOST_COUNT)
    return `count_fp must be a positive multiple of 0.01, was ${msg.count_fp}`;
  return {
    kind: 'contractTrade',
    at: timeOf(msg, receivedAt),
    receivedAt,
    ticker: msg.market_ticker,
    sid,
    seq,
    tradeId: msg.trade_id,
    priceTicks: ticks as PriceTicks,
    count: count as Count,
    taker: msg.taker_book_side,
    block: msg.is_block_trade,
  };
}
