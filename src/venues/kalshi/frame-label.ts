import { jsonOf } from '../../transport/json-of.ts';
import { shortened } from '../../transport/rejected-frame.ts';

/** What the feed needs to know of a frame. The graph reads the rest. */
export type KalshiLabel =
  | { readonly kind: 'data' }
  | { readonly kind: 'snapshot'; readonly ticker: string }
  | { readonly kind: 'lifecycle'; readonly msg: unknown }
  | {
      readonly kind: 'subscribed';
      readonly id: number | undefined;
      readonly channel: string;
      readonly sid: number;
    }
  | { readonly kind: 'ok'; readonly id: number | undefined }
  | {
      readonly kind: 'error';
      readonly id: number | undefined;
      readonly sid: number | undefined;
      readonly code: number;
      readonly text: string;
      readonly tickers: readonly string[];
    };

const DATA: KalshiLabel = { kind: 'data' };
const BEGINS = [
  '{"type":"orderbook_delta"',
  '{"type":"ticker"',
  '{"type":"trade"',
  '{"type":"cfbenchmarks_value',
] as const;
const SNAPSHOT = '{"type":"orderbook_snapshot"';
const TICKER = '"market_ticker":"';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
/** `String` of a nested list would recurse, so anything but text is named by its type. */
const word = (value: unknown): string => (typeof value === 'string' ? shortened(value) : `(${typeof value})`);
const integer = (value: unknown): number | undefined =>
  Number.isInteger(value) ? (value as number) : undefined;

/**
 * A frame's label, and its parsed text. `json` is undefined where the text's beginning was enough, or where
 * it is not JSON.
 */
export interface Labelled {
  readonly label: KalshiLabel;
  readonly json: unknown;
}

/** Recognises a frame by the beginning of its text, and parses only rare frames. It never throws. */
export function kalshiLabel(text: string): Labelled {
  for (const begins of BEGINS) if (text.startsWith(begins)) return { label: DATA, json: undefined };
  if (text.startsWith(SNAPSHOT)) {
    const from = text.indexOf(TICKER) + TICKER.length;
    const label: KalshiLabel =
      from < TICKER.length ? DATA : { kind: 'snapshot', ticker: text.slice(from, text.indexOf('"', from)) };
    return { label, json: undefined };
  }
  const json = jsonOf(text);
  return { label: isObject(json) ? labelOf(json) : DATA, json };
}

function labelOf(frame: Readonly<Record<string, unknown>>): KalshiLabel {
  const { type, msg } = frame;
  const id = integer(frame['id']);
  const body = isObject(msg) ? msg : {};
  switch (type) {
    case 'orderbook_snapshot':
      return { kind: 'snapshot', ticker: word(body['market_ticker']) };
    case 'market_lifecycle_v2':
      return { kind: 'lifecycle', msg };
    case 'subscribed': {
      const sid = integer(body['sid']);
      return sid === undefined ? DATA : { kind: 'subscribed', id, channel: word(body['channel']), sid };
    }
    case 'ok':
    case 'unsubscribed':
      return { kind: 'ok', id };
    case 'error': {
      const named = body['market_tickers'] ?? [body['market_ticker']];
      return {
        kind: 'error',
        id,
        sid: integer(frame['sid']),
        code: integer(body['code']) ?? 0,
        text: word(body['msg'] ?? 'no text'),
        tickers: Array.isArray(named) ? named.filter((name): name is string => typeof name === 'string') : [],
      };
    }
    default:
      return DATA;
  }
}
