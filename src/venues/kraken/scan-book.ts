import type { KrakenBookMessage, KrakenLevel } from '../../domain/events/venue.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import type { Micros } from '../../domain/time.ts';
import { MOST_LEVELS, MOST_SYMBOL } from './wire.ts';

const ZERO = 48;
const POINT = 46;
const COMMA = 44;
const QUOTE = 34;
const CLOSING_BRACKET = 93;

/** Integers of this many digits are exact in a double. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

const UPDATE = '{"channel":"book","type":"update","data":[{"symbol":"';
const SNAPSHOT = '{"channel":"book","type":"snapshot","data":[{"symbol":"';

interface Cursor {
  at: number;
}

/**
 * Moves past `literal` if it comes next in the text, and returns whether it did. Comparing a slice is a third
 * faster here than `startsWith`.
 */
function skip(text: string, cursor: Cursor, literal: string): boolean {
  const end = cursor.at + literal.length;
  if (text.substring(cursor.at, end) !== literal) return false;
  cursor.at = end;
  return true;
}

/**
 * Moves past a plain decimal and gives the double nearest to it, as JSON.parse does: the quotient of two
 * exact integers is rounded once. NaN for any other form of number. (Clinger, "How to read floating point
 * numbers accurately", PLDI 1990: the fast path.)
 */
function decimal(text: string, cursor: Cursor): number {
  let index = cursor.at;
  let digits = 0;
  let integer = 0;
  let digit = text.charCodeAt(index) - ZERO;
  const leadingZero = digit === 0;
  for (; digit >= 0 && digit <= 9; digit = text.charCodeAt(++index) - ZERO) {
    integer = integer * 10 + digit;
    digits++;
  }
  if (digits === 0 || (leadingZero && digits > 1)) return Number.NaN;
  let decimals = 0;
  if (digit === POINT - ZERO) {
    for (
      digit = text.charCodeAt(++index) - ZERO;
      digit >= 0 && digit <= 9;
      digit = text.charCodeAt(++index) - ZERO
    ) {
      integer = integer * 10 + digit;
      decimals++;
    }
    if (decimals === 0) return Number.NaN;
  }
  if (digits + decimals > EXACT_DIGITS) return Number.NaN;
  cursor.at = index;
  return decimals === 0 ? integer : integer / (POWERS_OF_TEN[decimals] ?? Number.NaN);
}

/** Moves past a list of levels. */
function levelList(text: string, cursor: Cursor): readonly KrakenLevel[] | undefined {
  const levels: KrakenLevel[] = [];
  if (text.charCodeAt(cursor.at) === CLOSING_BRACKET) {
    cursor.at++;
    return levels;
  }
  for (;;) {
    if (!skip(text, cursor, '{"price":')) return undefined;
    const price = decimal(text, cursor);
    if (!(price > 0) || !skip(text, cursor, ',"qty":')) return undefined;
    const qty = decimal(text, cursor);
    if (!(qty >= 0) || !skip(text, cursor, '}')) return undefined;
    if (levels.length === MOST_LEVELS) return undefined;
    levels.push({ price, qty });
    const mark = text.charCodeAt(cursor.at++);
    if (mark === CLOSING_BRACKET) return levels;
    if (mark !== COMMA) return undefined;
  }
}

/** Moves past a symbol of capitals, digits, full stops and slashes. */
function pair(text: string, cursor: Cursor): string | undefined {
  const from = cursor.at;
  for (let code = text.charCodeAt(cursor.at); code !== QUOTE; code = text.charCodeAt(++cursor.at))
    if (!((code >= 46 && code <= 57) || (code >= 65 && code <= 90))) return undefined;
  return cursor.at - from > MOST_SYMBOL ? undefined : text.slice(from, cursor.at);
}

/**
 * Reads a book message from text in exactly the form that Kraken sends (order of keys, no spaces, plain
 * decimals, one entry with its time). It does not parse the text as JSON, which would take most of the time
 * of a message. The result is undefined for any other text, valid or not: then JSON.parse and the schema
 * decide. Its result equals theirs (a property test compares them).
 */
export function scanBook(text: string, receivedAt: Micros): KrakenBookMessage | undefined {
  const cursor: Cursor = { at: 0 };
  const snapshot = !skip(text, cursor, UPDATE);
  if (snapshot && !skip(text, cursor, SNAPSHOT)) return undefined;
  const symbol = pair(text, cursor);
  if (symbol === undefined || !skip(text, cursor, '","bids":[')) return undefined;
  const bids = levelList(text, cursor);
  if (!bids || !skip(text, cursor, ',"asks":[')) return undefined;
  const asks = levelList(text, cursor);
  if (!asks || !skip(text, cursor, ',"checksum":')) return undefined;
  const checksum = decimal(text, cursor);
  if (checksum >>> 0 !== checksum || !skip(text, cursor, ',"timestamp":"')) return undefined;
  const end = text.length - 4;
  const at = rfc3339Micros(text, cursor.at, end);
  if (at === undefined || !text.endsWith('"}]}')) return undefined;
  return { kind: 'krakenBook', at, receivedAt, symbol, snapshot, bids, asks, checksum };
}
