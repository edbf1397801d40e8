import { z } from 'zod';

/** What a session needs to know of a frame. `rare` frames are parsed. */
export type FrameLabel =
  | { readonly kind: 'data'; readonly channel: string; readonly snapshot: boolean }
  | { readonly kind: 'reply'; readonly reply: KrakenReply }
  | { readonly kind: 'status'; readonly system: string }
  | { readonly kind: 'other' };

const maybeText = z.string().optional().catch(undefined);

/** An answer to a request, as far as a session reads it; a member of another type counts as missing. */
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

const data = (channel: string, snapshot: boolean): FrameLabel => ({ kind: 'data', channel, snapshot });

/** Beginnings that nearly all frames have, as the venue prints them; anything else is parsed. */
const KNOWN: readonly (readonly [begins: string, label: FrameLabel])[] = [
  ['{"channel":"book","type":"update"', data('book', false)],
  ['{"channel":"trade","type":"update"', data('trade', false)],
  ['{"channel":"ohlc","type":"update"', data('ohlc', false)],
  ['{"channel":"heartbeat"', { kind: 'other' }],
];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Tells a frame's kind by its beginning, and reads it only when it is rare. Total. */
export function frameLabel(text: string): FrameLabel {
  for (const [begins, label] of KNOWN) if (text.startsWith(begins)) return label;
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { kind: 'other' };
  }
  if (!isObject(frame)) return { kind: 'other' };
  if ('method' in frame) return { kind: 'reply', reply: krakenReply.parse(frame) };
  const { channel, type } = frame;
  if (channel === 'status' && Array.isArray(frame['data'])) {
    const [first] = frame['data'] as readonly unknown[];
    const system = isObject(first) ? first['system'] : undefined;
    return { kind: 'status', system: typeof system === 'string' ? system : 'unknown' };
  }
  return typeof channel === 'string' ? data(channel, type === 'snapshot') : { kind: 'other' };
}
