import { type Count, DOLLAR_TICKS, type PriceTicks } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import { decimal, MOST_COUNT } from './decimal.ts';
import { type Reading, restingTicks, timeOf } from './reading.ts';
import type { DeltaFrame, SnapshotFrame } from './wire.ts';

/** Reads a book change. NO levels have NO prices unless the subscription asked for YES prices. */
export function readDelta(frame: DeltaFrame, receivedAt: Micros, useYesPrice: boolean): Reading {
  const { msg } = frame;
  const ticks = restingTicks(msg.price_dollars);
  if (ticks === undefined) return `price_dollars must be 0.0001 to 0.9999, was ${msg.price_dollars}`;
  const delta = decimal(msg.delta_fp, 2);
  if (delta === undefined || Math.abs(delta) > MOST_COUNT)
    return `delta_fp must be a multiple of 0.01, was ${msg.delta_fp}`;
  const bid = msg.side === 'yes';
  return {
    kind: 'contractDelta',
    at: timeOf(msg, receivedAt),
    receivedAt,
    ticker: msg.market_ticker,
    sid: frame.sid,
    seq: frame.seq,
    side: bid ? 'bid' : 'ask',
    priceTicks: (bid || useYesPrice ? ticks : DOLLAR_TICKS - ticks) as PriceTicks,
    delta: delta as Count,
  };
}

/** Reads a whole book. One bad level rejects it, since a book without that level would be wrong. */
export function readSnapshot(frame: SnapshotFrame, receivedAt: Micros, useYesPrice: boolean): Reading {
  const { msg } = frame;
  const bids = levelsOf(msg.yes_dollars_fp, true);
  const asks = levelsOf(msg.no_dollars_fp, useYesPrice);
  if (typeof bids === 'string') return `yes_dollars_fp: ${bids}`;
  if (typeof asks === 'string') return `no_dollars_fp: ${asks}`;
  return {
    kind: 'contractSnapshot',
    at: receivedAt,
    receivedAt,
    ticker: msg.market_ticker,
    sid: frame.sid,
    seq: frame.seq,
    bids,
    asks,
  };
}

/**
 * Reads levels as [ticks, count, …] in YES prices, or returns which one cannot be read. `yesPrice` means that
 * they are YES prices already.
 */
export function levelsOf(
  levels: SnapshotFrame['msg']['yes_dollars_fp'],
  yesPrice: boolean,
): readonly number[] | string {
  if ((levels?.length ?? 0) >= DOLLAR_TICKS) return `more levels than prices: ${levels?.length}`;
  const flat: number[] = [];
  for (const [price, size] of levels ?? []) {
    const ticks = restingTicks(price);
    if (ticks === undefined) return `price must be 0.0001 to 0.9999, was ${price}`;
    const count = decimal(size, 2);
    if (count === undefined || count < 0 || count > MOST_COUNT)
      return `count must be a multiple of 0.01, was ${size}`;
    flat.push(yesPrice ? ticks : DOLLAR_TICKS - ticks, count);
  }
  return flat;
}
