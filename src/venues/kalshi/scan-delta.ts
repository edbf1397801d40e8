import type { ContractDelta } from '../../domain/events/venue.ts';
import { type Count, DOLLAR_TICKS, type PriceTicks } from '../../domain/money.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import { MILLISECOND, type Micros } from '../../domain/time.ts';
import { MOST_COUNT } from './decimal.ts';
import { knownTicker, latestTicker } from './known-ticker.ts';
import { MAX_MILLIS } from './wire.ts';

const NEWLINE = 10;
const QUOTE = 34;
const DASH = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const UPPER_A = 65;
const UPPER_Z = 90;
const LOWER_A = 97;
const LOWER_D = 100;
const LOWER_F = 102;
const CLOSING_BRACE = 125;

/** Integers of this many digits are exact in a double. */
const EXACT_DIGITS = 15;

/** Most digits that `decimal` accepts before the point. */
const WHOLE_DIGITS = 12;

/** Most characters of a ticker, as in `wire.ts`. */
const MOST_NAME = 64;

const UUID_LENGTH = 36;

/** Characters; the longest delta seen has 300. */
const LONGEST = 1_024;

/**
 * The current frame. Each call writes it anew, as bytes are read several times faster than the characters of
 * a string.
 */
const bytes = new Uint8Array(LONGEST);
const view = new DataView(bytes.buffer);
const encoder = new TextEncoder();

interface Cursor {
  at: number;
  readonly end: number;
}

/**
 * Four ASCII characters or more, which are compared four at a time. The last word overlaps the one before.
 */
interface Literal {
  readonly length: number;
  readonly words: Int32Array;
}

function literal(text: string): Literal {
  const codes = new DataView(Uint8Array.from(encoder.encode(text)).buffer);
  const words = Int32Array.from({ length: Math.ceil(text.length / 4) }, (_, word) =>
    codes.getInt32(Math.min(4 * word, text.length - 4)),
  );
  return { length: text.length, words };
}

const DELTA = literal('{"type":"orderbook_delta","sid":');
const SEQ = literal(',"seq":');
const TICKER = literal(',"msg":{"market_ticker":"');
const MARKET_ID = literal('","market_id":"');
const PRICE = literal('","price_dollars":"0.');
const CHANGE = literal('","delta_fp":"');
const YES = literal('","side":"yes"');
const NO = literal('","side":"no"');
const TS = literal(',"ts":"');
const TS_MS = literal(',"ts_ms":');

/** Moves past a literal if it comes next in the frame, and returns whether it did. */
function skip(cursor: Cursor, { length, words }: Literal): boolean {
  const from = cursor.at;
  const end = from + length;
  if (end > cursor.end) return false;
  const last = words.length - 1;
  for (let i = 0; i < last; i++) if (view.getInt32(from + 4 * i) !== words[i]) return false;
  if (view.getInt32(end - 4) !== words[last]) return false;
  cursor.at = end;
  return true;
}

/**
 * Moves past digits without a leading zero and gives their value; NaN where there are none, or more than
 * `most`.
 */
function natural(cursor: Cursor, most: number): number {
  const from = cursor.at;
  let index = from;
  let value = 0;
  for (let code = bytes[index] ?? 0; code >= ZERO && code <= NINE; code = bytes[++index] ?? 0)
    value = value * 10 + code - ZERO;
  const digits = index - from;
  if (digits === 0 || digits > most || (digits > 1 && bytes[from] === ZERO)) return Number.NaN;
  cursor.at = index;
  return value;
}

/** Moves past exactly `digits` digits and gives their value; NaN for anything else. */
function places(cursor: Cursor, digits: number): number {
  let value = 0;
  for (const end = cursor.at + digits; cursor.at < end; cursor.at++) {
    const code = bytes[cursor.at] ?? 0;
    if (code < ZERO || code > NINE) return Number.NaN;
    value = value * 10 + code - ZERO;
  }
  return value;
}

/** Moves past a signed number with two places and gives its hundredths; NaN for any other form. */
function hundredths(cursor: Cursor): number {
  const negative = bytes[cursor.at] === DASH;
  if (negative) cursor.at++;
  const whole = natural(cursor, WHOLE_DIGITS);
  if (bytes[cursor.at++] !== POINT) return Number.NaN;
  const value = whole * 100 + places(cursor, 2);
  return negative ? -value : value;
}

/** Moves past a ticker of capitals, digits, full stops and dashes. */
function ticker(cursor: Cursor): string | undefined {
  const from = cursor.at;
  const again = latestTicker(bytes, from, QUOTE);
  if (again !== undefined) {
    cursor.at = from + again.length;
    return again;
  }
  let index = from;
  let hash = 0;
  for (let code = bytes[index] ?? 0; code !== QUOTE; code = bytes[++index] ?? 0) {
    const plain =
      (code >= ZERO && code <= NINE) ||
      (code >= UPPER_A && code <= UPPER_Z) ||
      code === DASH ||
      code === POINT;
    if (!plain) return undefined;
    hash = (Math.imul(hash, 31) + code) | 0;
  }
  if (index === from || index - from > MOST_NAME) return undefined;
  cursor.at = index;
  return knownTicker(bytes, from, index, hash);
}

/** Moves past a market's id, lower-case hexadecimal and dashes. Nothing reads it. */
function marketId(cursor: Cursor): boolean {
  for (const end = cursor.at + UUID_LENGTH; cursor.at < end; cursor.at++) {
    const code = bytes[cursor.at] ?? 0;
    const plain = (code >= ZERO && code <= NINE) || (code >= LOWER_A && code <= LOWER_F) || code === DASH;
    if (!plain) return false;
  }
  return true;
}

/** Moves past an RFC 3339 time and its closing quote. */
function time(text: string, cursor: Cursor): Micros | undefined {
  const quote = text.indexOf('"', cursor.at);
  const at = rfc3339Micros(text, cursor.at, quote);
  cursor.at = quote + 1;
  return at;
}

/** Whether the frame ends here. The venue ends some frames with a newline. */
const closes = ({ at, end }: Cursor): boolean =>
  bytes[at] === CLOSING_BRACE &&
  bytes[at + 1] === CLOSING_BRACE &&
  (at + 2 === end || (at + 3 === end && bytes[at + 2] === NEWLINE));

/**
 * Reads a book change from text in exactly the form that Kalshi sends: this order of keys with or without
 * `market_id` and `ts`, no spaces, a price of four places within the dollar, a change of two places that is
 * not zero. It does not parse the text as JSON, which would take most of the time of a frame. The result is
 * undefined for any other text, valid or not: then JSON.parse and `readDelta` decide. Its result equals
 * theirs (a property test compares them).
 */
export function scanDelta(text: string, receivedAt: Micros, useYesPrice: boolean): ContractDelta | undefined {
  // Only deltas have this letter here. Other frames are not encoded.
  if (text.charCodeAt(19) !== LOWER_D) return undefined;
  // If the text is not ASCII or too long, another number of bytes is written, or bytes that no literal here
  // matches.
  if (encoder.encodeInto(text, bytes).written !== text.length) return undefined;
  const cursor: Cursor = { at: 0, end: text.length };
  if (!skip(cursor, DELTA)) return undefined;
  const sid = natural(cursor, EXACT_DIGITS);
  if (!skip(cursor, SEQ)) return undefined;
  const seq = natural(cursor, EXACT_DIGITS);
  if (!(sid >= 0 && seq > 0) || !skip(cursor, TICKER)) return undefined;
  const name = ticker(cursor);
  if (name === undefined || (skip(cursor, MARKET_ID) && !marketId(cursor))) return undefined;
  if (!skip(cursor, PRICE)) return undefined;
  const ticks = places(cursor, 4);
  if (!(ticks > 0) || !skip(cursor, CHANGE)) return undefined;
  const delta = hundredths(cursor);
  if (!((delta < 0 && delta >= -MOST_COUNT) || (delta > 0 && delta <= MOST_COUNT))) return undefined;
  const bid = skip(cursor, YES);
  if (!bid && !skip(cursor, NO)) return undefined;
  const fine = skip(cursor, TS) ? time(text, cursor) : Number.NaN;
  if (fine === undefined || !skip(cursor, TS_MS)) return undefined;
  const millis = natural(cursor, EXACT_DIGITS);
  if (!(millis <= MAX_MILLIS) || !closes(cursor)) return undefined;
  return {
    kind: 'contractDelta',
    at: Number.isNaN(fine) ? millis * MILLISECOND : fine,
    receivedAt,
    ticker: name,
    sid,
    seq,
    side: bid ? 'bid' : 'ask',
    priceTicks: (bid || useYesPrice ? ticks : DOLLAR_TICKS - ticks) as PriceTicks,
    delta: delta as Count,
  };
}
