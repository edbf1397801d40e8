import { z } from 'zod';
import { jsonOf } from '../../transport/json-of.ts';

/**
 * What a feed needs to know of a frame. `symbol` is the pair of its first entry, undefined where it has none.
 */
export type FrameLabel =
  | {
      readonly kind: 'data';
      readonly channel: string;
      readonly snapshot: boolean;
      readonly symbol: string | undefined;
    }
  | { readonly kind: 'reply'; readonly reply: KrakenReply }
  | { readonly kind: 'status'; readonly system: string }
  | { readonly kind: 'other' };

const maybeText = z.string().optional().catch(undefined);

/** The parts of an answer to a request that the feed reads. A field of a wrong type counts as missing. */
const krakenReply = z.object({
  method: maybeText,
  success: z.boolean().optional().catch(undefined),
  error: maybeText,
  symbol: maybeText,
  req_id: z.int().optional().catch(undefined),
  time_in: maybeText,
  time_out: maybeText,
  result: z.object({ channel: maybeText, symbol: maybeText }).optional().catch(undefined),
});

/** An answer to a request. */
export type KrakenReply = Readonly<z.infer<typeof krakenReply>>;

const OTHER: FrameLabel = { kind: 'other' };

const HEARTBEAT = '{"channel":"heartbeat"';
/** How nearly all frames begin in the venue's usual form. Any other frame is parsed. */
const UPDATES: readonly (readonly [begins: string, channel: string])[] = [
  ['{"channel":"book","type":"update"', 'book'],
  ['{"channel":"trade","type":"update"', 'trade'],
  ['{"channel":"ohlc","type":"update"', 'ohlc'],
];
const SYMBOL = '"symbol":"';

/** The first symbol in a text after `from`. */
function symbolIn(text: string, from: number): string | undefined {
  const at = text.indexOf(SYMBOL, from);
  return at < 0 ? undefined : text.slice(at + SYMBOL.length, text.indexOf('"', at + SYMBOL.length));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/**
 * A frame's label, and its parsed text. `json` is undefined where the text's beginning was enough, or where
 * it is not JSON.
 */
export interface Labelled {
  readonly label: FrameLabel;
  readonly json: unknown;
}

/** Recognises a frame by the beginning of its text, and parses only rare frames. It never throws. */
export function frameLabel(text: string): Labelled {
  for (const [begins, channel] of UPDATES)
    if (text.startsWith(begins)) {
      const symbol = symbolIn(text, begins.length);
      return { label: { kind: 'data', channel, snapshot: false, symbol }, json: undefined };
    }
  if (text.startsWith(HEARTBEAT)) return { label: OTHER, json: undefined };
  const json = jsonOf(text);
  return { label: isObject(json) ? labelOf(json) : OTHER, json };
}

function labelOf(frame: Readonly<Record<string, unknown>>): FrameLabel {
  if ('method' in frame) return { kind: 'reply', reply: krakenReply.parse(frame) };
  const { channel, type, data } = frame;
  if (typeof channel !== 'string') return OTHER;
  const [first] = Array.isArray(data) ? (data as readonly unknown[]) : [];
  if (channel === 'status' && Array.isArray(data)) {
    const system = isObject(first) ? first['system'] : undefined;
    return { kind: 'status', system: typeof system === 'string' ? system : 'unknown' };
  }
  const symbol = isObject(first) ? first['symbol'] : undefined;
  return {
    kind: 'data',
    channel,
    snapshot: type === 'snapshot',
    symbol: typeof symbol === 'string' ? symbol : undefined,
  };
}
