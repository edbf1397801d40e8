/** What a session needs to know of a frame. `rare` frames are parsed. */
export type FrameLabel =
  | { readonly kind: 'data'; readonly channel: string; readonly snapshot: boolean }
  | { readonly kind: 'reply'; readonly reply: KrakenReply }
  | { readonly kind: 'status'; readonly system: string }
  | { readonly kind: 'other' };

/** An answer to a request, as far as a session reads it. */
export interface KrakenReply {
  readonly method?: string;
  readonly success?: boolean;
  readonly error?: string;
  readonly symbol?: string;
  readonly req_id?: number;
  readonly time_in?: string;
  readonly time_out?: string;
  readonly result?: { readonly channel?: string; readonly symbol?: string };
}

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
  if ('method' in frame) return { kind: 'reply', reply: frame as KrakenReply };
  const { channel, type } = frame;
  if (channel === 'status' && Array.isArray(frame['data'])) {
    const [first] = frame['data'] as readonly unknown[];
    return { kind: 'status', system: isObject(first) ? String(first['system']) : 'unknown' };
  }
  return typeof channel === 'string' ? data(channel, type === 'snapshot') : { kind: 'other' };
}
