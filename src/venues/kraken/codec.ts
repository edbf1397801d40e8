import type { z } from 'zod';
import type { VenueEvent } from '../../domain/events/venue.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import type { Micros } from '../../domain/time.ts';
import { boundBroken, MOST_CHARACTERS } from '../../transport/json-bounds.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { rejectedFrame, shortened } from '../../transport/rejected-frame.ts';
import { schemaSentence } from '../../transport/schema-sentence.ts';
import { scanBook } from './scan-book.ts';
import { type KrakenWire, krakenWire } from './wire.ts';

/** A parsed frame, its time of receipt, and its text for the excerpt of a rejection. */
interface Received {
  readonly frame: unknown;
  readonly text: string;
  readonly receivedAt: Micros;
}

const rejected = ({ text, receivedAt }: Omit<Received, 'frame'>, why: string): readonly VenueEvent[] => [
  rejectedFrame('kraken', text, receivedAt, why),
];

/** Reads a frame by its schema, or rejects it with the schema's own message on one line. */
function read<T>(
  received: Received,
  name: string,
  schema: z.ZodType<T>,
  eventsOf: (frame: T) => readonly VenueEvent[],
): readonly VenueEvent[] {
  const { data, error } = schema.safeParse(received.frame);
  return error ? rejected(received, `${name}: ${schemaSentence(error)}`) : eventsOf(data);
}

const quoted = (value: unknown): string =>
  typeof value === 'string' ? `"${value.slice(0, 40)}"` : typeof value;

// v1 data arrays end with channel name and pair: https://docs.kraken.com/api/docs/websocket-v1/book
const legacyArray = (frame: readonly unknown[]): string =>
  `legacy v1 array frame (channel ${quoted(frame.at(-2))}, pair ${quoted(frame.at(-1))}): only v2 is read`;

function bookMessages({ type, data }: KrakenWire<'book'>, receivedAt: Micros): readonly VenueEvent[] {
  return data.map(({ symbol, bids, asks, checksum, timestamp }) => ({
    kind: 'krakenBook',
    at: (timestamp === undefined ? undefined : rfc3339Micros(timestamp)) ?? receivedAt,
    receivedAt,
    symbol,
    snapshot: type === 'snapshot',
    bids,
    asks,
    checksum,
  }));
}

function trades({ type, data }: KrakenWire<'trade'>, receivedAt: Micros): readonly VenueEvent[] {
  return data.map(({ symbol, side, price, qty, trade_id: tradeId, timestamp }) => ({
    kind: 'spotTrade',
    // The schema has accepted the time, here and below, so the fallback is never used.
    at: rfc3339Micros(timestamp) ?? receivedAt,
    receivedAt,
    venue: 'kraken',
    symbol,
    price,
    quantity: qty,
    taker: side,
    tradeId,
    replayed: type === 'snapshot',
  }));
}

function candles({ type, data }: KrakenWire<'ohlc'>, receivedAt: Micros): readonly VenueEvent[] {
  return data.map(({ symbol, open, high, low, close, volume, interval, interval_begin }) => ({
    kind: 'krakenOhlc',
    at: rfc3339Micros(interval_begin) ?? receivedAt,
    receivedAt,
    symbol,
    open,
    high,
    low,
    close,
    volume,
    intervalMinutes: interval,
    snapshot: type === 'snapshot',
  }));
}

function instruments({ data }: KrakenWire<'instrument'>, receivedAt: Micros): readonly VenueEvent[] {
  return data.pairs.map(
    ({ symbol, status, price_precision: pricePrecision, qty_precision: quantityPrecision }) => ({
      kind: 'krakenInstrument',
      at: receivedAt,
      receivedAt,
      symbol,
      status,
      pricePrecision,
      quantityPrecision,
    }),
  );
}

function statuses({ data }: KrakenWire<'status'>, receivedAt: Micros): readonly VenueEvent[] {
  // Matching runs only in the state `online`: https://docs.kraken.com/api/docs/websocket-v2/status
  return data.map(({ system }) => ({
    kind: 'venueStatus',
    at: receivedAt,
    receivedAt,
    venue: 'kraken',
    trading: system === 'online',
    detail: system,
  }));
}

const detailOf = (words: string | undefined): string | undefined =>
  words === undefined ? undefined : shortened(words);

function acknowledgements(reply: KrakenWire<'reply'>, receivedAt: Micros): readonly VenueEvent[] {
  const { method, success, error, symbol, result, time_out: sentAt } = reply;
  return [
    {
      kind: 'acknowledgement',
      at: (sentAt === undefined ? undefined : rfc3339Micros(sentAt)) ?? receivedAt,
      receivedAt,
      venue: 'kraken',
      method,
      accepted: error === undefined && success !== false,
      channel: result?.channel,
      symbol: result?.symbol ?? symbol,
      detail: detailOf(error ?? result?.warnings?.join('; ')),
      sid: undefined,
      seq: undefined,
      ...(result?.depth !== undefined && { depth: result.depth }),
    },
  ];
}

/** A complaint that answers no request. Its method is the one that Kraken uses for input it cannot read. */
const complaints = (frame: KrakenWire<'complaint'>, receivedAt: Micros): readonly VenueEvent[] =>
  acknowledgements({ method: 'error', error: 'error' in frame ? frame.error : frame.Error }, receivedAt);

function byChannel(received: Received, channel: unknown): readonly VenueEvent[] {
  const { receivedAt } = received;
  switch (channel) {
    case 'book':
      return read(received, 'book', krakenWire.book, (frame) => bookMessages(frame, receivedAt));
    case 'trade':
      return read(received, 'trade', krakenWire.trade, (frame) => trades(frame, receivedAt));
    case 'ohlc':
      return read(received, channel, krakenWire.ohlc, (frame) => candles(frame, receivedAt));
    case 'instrument':
      return read(received, channel, krakenWire.instrument, (frame) => instruments(frame, receivedAt));
    case 'status':
      return read(received, channel, krakenWire.status, (frame) => statuses(frame, receivedAt));
    case 'heartbeat':
      return [{ kind: 'heartbeat', at: receivedAt, receivedAt, venue: 'kraken' }];
    default:
      return rejected(received, `unknown channel ${quoted(channel)}`);
  }
}

/**
 * Reads one text frame of Kraken's v2 socket. It is total: it never throws, and a frame that cannot be read
 * as a whole gives exactly one `rejected` with the reason (which names v1 frames as such). A frame gives one
 * event for each of its entries, in their order. `json` is the parsed text, where a feed has parsed it. `at`
 * is the venue's time where the frame has one (candles: the bar's open), else `receivedAt`.
 */
export function decodeKraken(text: string, receivedAt: Micros, json?: unknown): readonly VenueEvent[] {
  let frame = json;
  if (text.length > MOST_CHARACTERS) return rejected({ text, receivedAt }, boundBroken(text) ?? 'too long');
  if (frame === undefined) {
    // Nearly every frame is a book message in the venue's usual form. All others are parsed and checked by
    // their schema.
    const book = scanBook(text, receivedAt);
    if (book) return [book];
    frame = jsonOf(text);
    if (frame === undefined) return rejected({ text, receivedAt }, boundBroken(text) ?? 'no JSON');
  }
  const received: Received = { frame, text, receivedAt };
  if (Array.isArray(frame)) return rejected(received, legacyArray(frame));
  if (typeof frame !== 'object' || frame === null)
    return rejected(received, `a frame is an object, was ${quoted(frame)}`);
  if ('channel' in frame) return byChannel(received, frame.channel);
  if ('event' in frame) return rejected(received, `legacy v1 event ${quoted(frame.event)}: only v2 is read`);
  if ('method' in frame)
    return read(received, 'reply', krakenWire.reply, (reply) => acknowledgements(reply, receivedAt));
  if ('error' in frame || 'Error' in frame)
    return read(received, 'complaint', krakenWire.complaint, (complaint) =>
      complaints(complaint, receivedAt),
    );
  return rejected(received, 'neither channel, method nor error');
}
