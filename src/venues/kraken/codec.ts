import { z } from 'zod';
import type { VenueEvent } from '../../domain/events/venue.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import type { Micros } from '../../domain/time.ts';
import { scanBook } from './scan-book.ts';
import { type KrakenWire, krakenWire } from './wire.ts';

const EXCERPT_CHARACTERS = 200;

/** A frame as parsed, the two stamps it may take, and the excerpt's source. */
interface Received {
  readonly frame: unknown;
  readonly text: string;
  readonly receivedAt: Micros;
}

const rejected = ({ text, receivedAt }: Omit<Received, 'frame'>, why: string): readonly VenueEvent[] => [
  {
    kind: 'rejected',
    at: receivedAt,
    receivedAt,
    venue: 'kraken',
    why,
    excerpt: text.slice(0, EXCERPT_CHARACTERS),
  },
];

/** Reads a frame by its schema, or rejects it with the schema's own words on one line. */
function read<T>(
  received: Received,
  name: string,
  schema: z.ZodType<T>,
  eventsOf: (frame: T) => readonly VenueEvent[],
): readonly VenueEvent[] {
  const { data, error } = schema.safeParse(received.frame);
  return error
    ? rejected(received, `${name}: ${z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' ')}`)
    : eventsOf(data);
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
    // The schema has accepted the time, here and below.
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
  // Matching runs in `online` alone: https://docs.kraken.com/api/docs/websocket-v2/status
  return data.map(({ system }) => ({
    kind: 'venueStatus',
    at: receivedAt,
    receivedAt,
    venue: 'kraken',
    trading: system === 'online',
    detail: system,
  }));
}

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
      detail: error ?? result?.warnings?.join('; '),
      sid: undefined,
      seq: undefined,
    },
  ];
}

/** Answers no request, so its method is the one Kraken itself uses for unreadable input. */
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
 * Reads one text frame of Kraken's v2 socket. Total: it never throws, and a frame that cannot be read whole gives exactly one `rejected`
 * that says why (v1 frames by name). A frame with several entries gives an event for each, in wire order, and one with none gives none.
 * `at` is the venue's time where the frame has one (candles: the bar's open), else `receivedAt`.
 */
export function decodeKraken(text: string, receivedAt: Micros): readonly VenueEvent[] {
  // Nearly every frame is a book message as the venue prints it; all others are parsed and held to their schema.
  const book = scanBook(text, receivedAt);
  if (book) return [book];
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return rejected({ text, receivedAt }, 'no JSON');
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
