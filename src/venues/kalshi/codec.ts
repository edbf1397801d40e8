import type { Rejected, VenueEvent } from '../../domain/events/venue.ts';
import type { Micros } from '../../domain/time.ts';
import { readDelta, readSnapshot } from './read-book.ts';
import { readFee } from './read-fee.ts';
import { readFastIndex, readIndex } from './read-index.ts';
import { readLifecycle } from './read-lifecycle.ts';
import { readTicker, readTrade } from './read-market.ts';
import { acknowledgement, parsed, type Reading } from './reading.ts';
import { scanDelta } from './scan-delta.ts';
import {
  deltaFrame,
  errorFrame,
  eventFrame,
  fastIndexFrame,
  indexFrame,
  isDelta,
  lifecycleFrame,
  replyFrame,
  snapshotFrame,
  subscribedFrame,
  tickerFrame,
  tradeFrame,
} from './wire.ts';

const EXCERPT = 200;

/**
 * Kalshi's codec: one text frame to the events it means (wire facts: `wire.ts`). Total: what cannot be read exactly gives one `rejected`
 * with the reason, and blank text nothing. A rejected frame took its sequence number with it, so the books will see the hole.
 *
 * `useYesPrice` must be what the subscription asked for: NO levels come as NO prices without it and as YES prices with it; either way
 * they become `ask`s in YES prices. `series`, where given, are the only ones whose lifecycle is told: that channel carries every market
 * of the exchange, and the rest become acknowledgements, which keep the sequence whole. So do `event_lifecycle` and
 * `event_fee_update`, whose terms follow.
 *
 * `at` is the finest time in the frame, and our receipt where the venue gives none. An index value finer than a cent is rejected:
 * BRTI is published to the cent.
 */
export function kalshiDecoder(options: {
  readonly useYesPrice: boolean;
  readonly series?: readonly string[];
}): (text: string, receivedAt: Micros) => readonly VenueEvent[] {
  const { useYesPrice, series } = options;
  return (text, receivedAt) => {
    const delta = scanDelta(text, receivedAt, useYesPrice);
    if (delta) return [delta];
    let frame: unknown;
    try {
      frame = JSON.parse(text);
    } catch {
      return text.trim() === '' ? [] : [rejected(text, receivedAt, 'not JSON')];
    }
    const reading = isDelta(frame)
      ? readDelta(frame, receivedAt, useYesPrice)
      : read(frame, receivedAt, useYesPrice, series);
    if (typeof reading === 'string') return [rejected(text, receivedAt, reading)];
    return reading.kind === 'acknowledgement' && reading.method === 'event_fee_update'
      ? [reading, ...feeUpdate(frame, text, receivedAt)]
      : [reading];
  };
}

/** The terms of a frame whose sequence number an acknowledgement has already taken. */
function feeUpdate(frame: unknown, text: string, receivedAt: Micros): readonly VenueEvent[] {
  const { data } = eventFrame.safeParse(frame);
  if (!data) return [];
  const { event_ticker: ticker, fee_type_override: type, fee_multiplier_override: multiplier } = data.msg;
  const fee = type == null ? undefined : readFee(type, multiplier ?? 1);
  return typeof fee === 'string'
    ? [rejected(text, receivedAt, `${ticker}: ${fee}`)]
    : [{ kind: 'feeTerms', at: receivedAt, receivedAt, scope: 'event', ticker, fee }];
}

const rejected = (text: string, receivedAt: Micros, why: string): Rejected => ({
  kind: 'rejected',
  at: receivedAt,
  receivedAt,
  venue: 'kalshi',
  why,
  excerpt: text.slice(0, EXCERPT),
});

function read(
  frame: unknown,
  receivedAt: Micros,
  useYesPrice: boolean,
  series: readonly string[] | undefined,
): Reading {
  const type = typeof frame === 'object' && frame !== null ? (frame as { type?: unknown }).type : undefined;
  switch (type) {
    case 'orderbook_delta':
      return parsed(deltaFrame, frame, (delta) => readDelta(delta, receivedAt, useYesPrice));
    case 'orderbook_snapshot':
      return parsed(snapshotFrame, frame, (snapshot) => readSnapshot(snapshot, receivedAt, useYesPrice));
    case 'ticker':
      return parsed(tickerFrame, frame, (ticker) => readTicker(ticker, receivedAt));
    case 'trade':
      return parsed(tradeFrame, frame, (trade) => readTrade(trade, receivedAt));
    case 'market_lifecycle_v2':
      return parsed(lifecycleFrame, frame, (life) => readLifecycle(life, receivedAt, series));
    case 'cfbenchmarks_value':
      return parsed(indexFrame, frame, (index) => readIndex(index, receivedAt));
    case 'cfbenchmarks_value_5hz':
      return parsed(fastIndexFrame, frame, (index) => readFastIndex(index, receivedAt));
    case 'event_lifecycle':
    case 'event_fee_update':
      return parsed(eventFrame, frame, ({ type, sid, seq, msg }) => ({
        ...acknowledgement(type, receivedAt),
        symbol: msg.event_ticker,
        detail:
          type === 'event_fee_update'
            ? `fee type ${msg.fee_type_override ?? 'as series'}, multiplier ${msg.fee_multiplier_override ?? 'as series'}`
            : undefined,
        sid,
        seq,
      }));
    case 'subscribed':
      return parsed(subscribedFrame, frame, ({ msg }) => ({
        ...acknowledgement(type, receivedAt),
        channel: msg.channel,
        sid: msg.sid,
      }));
    case 'ok':
    case 'unsubscribed':
      return parsed(replyFrame, frame, ({ sid, seq, msg }) => ({
        ...acknowledgement(type, receivedAt),
        sid,
        seq,
        ...(msg?.market_tickers && { tickers: msg.market_tickers }),
      }));
    case 'error':
      return parsed(errorFrame, frame, ({ sid, seq, msg }) => ({
        ...acknowledgement(type, receivedAt),
        accepted: false,
        symbol: msg.market_ticker,
        detail: `${msg.code}: ${msg.msg ?? 'no text'}`,
        sid,
        seq,
      }));
    default:
      return type === undefined ? 'no frame type' : `unknown frame type ${JSON.stringify(type)}`;
  }
}
