import type { VenueEvent } from '../../domain/events/venue.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import type { Micros } from '../../domain/time.ts';
import { boundBroken } from '../../transport/json-bounds.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { rejectedFrame, shortened } from '../../transport/rejected-frame.ts';
import { schemaSentence } from '../../transport/schema-sentence.ts';
import { isMatch } from './is-match.ts';
import { type CoinbaseWire, coinbaseWire } from './wire.ts';

/** The aggressor's side by the resting order's side, which is the one that Coinbase sends. */
const TAKER = { buy: 'sell', sell: 'buy' } as const;

const rejected = (text: string, receivedAt: Micros, why: string): readonly VenueEvent[] => [
  rejectedFrame('coinbase', text, receivedAt, why),
];

function acknowledgement(
  receivedAt: Micros,
  method: string,
  answer: {
    readonly accepted: boolean;
    readonly channel?: string;
    readonly symbol?: string;
    readonly detail?: string;
  },
): VenueEvent {
  const { accepted, channel, symbol, detail } = answer;
  return {
    kind: 'acknowledgement',
    at: receivedAt,
    receivedAt,
    venue: 'coinbase',
    method,
    accepted,
    channel,
    symbol,
    detail,
    sid: undefined,
    seq: undefined,
  };
}

function eventsOf(frame: CoinbaseWire, receivedAt: Micros): readonly VenueEvent[] {
  switch (frame.type) {
    case 'match':
    case 'last_match':
      return [
        {
          kind: 'spotTrade',
          // The schema has accepted the time, so the fallback is never used.
          at: rfc3339Micros(frame.time) ?? receivedAt,
          receivedAt,
          venue: 'coinbase',
          symbol: frame.product_id,
          price: Number(frame.price),
          quantity: frame.size === undefined ? undefined : Number(frame.size),
          taker: frame.side && TAKER[frame.side],
          tradeId: frame.trade_id,
          replayed: frame.type === 'last_match',
        },
      ];
    case 'heartbeat':
      return [
        { kind: 'heartbeat', at: rfc3339Micros(frame.time) ?? receivedAt, receivedAt, venue: 'coinbase' },
      ];
    case 'subscriptions':
      return frame.channels.flatMap(({ name: channel, product_ids: symbols = [] }) =>
        symbols.map((symbol) =>
          acknowledgement(receivedAt, 'subscribe', { accepted: true, channel, symbol }),
        ),
      );
    case 'error': {
      const detail = frame.reason === undefined ? frame.message : `${frame.message}: ${frame.reason}`;
      return [acknowledgement(receivedAt, 'error', { accepted: false, detail: shortened(detail) })];
    }
  }
}

/**
 * Reads one text frame of Coinbase Exchange's socket. Total: it never throws, and a frame that cannot be read
 * gives exactly one `rejected` with the reason. A `subscriptions` message gives one acknowledgement for each
 * channel and product, and none for an empty list. `json` is the parsed text, where a feed has parsed it.
 */
export function decodeCoinbase(text: string, receivedAt: Micros, json?: unknown): readonly VenueEvent[] {
  const frame = json ?? jsonOf(text);
  if (frame === undefined) return rejected(text, receivedAt, boundBroken(text) ?? 'no JSON');
  if (isMatch(frame)) return eventsOf(frame, receivedAt);
  const { data, error } = coinbaseWire.safeParse(frame);
  if (error) return rejected(text, receivedAt, schemaSentence(error));
  return eventsOf(data, receivedAt);
}
