import type { FrameMark, FrameNumbers, MarkReader } from '../../transport/frame-mark.ts';

const OWN: FrameMark = { kind: 'own' };
const MSG = ',"msg":';
const NUMBERS = /^\{"type":"([a-z0-9_]+)"(?:,"id":\d+)?,"sid":(\d+)(?:,"seq":(\d+))?/;
const GRANTED = /^\{"type":"subscribed"(?:,"id":\d+)?,"msg":\{"channel":"([a-z0-9_]+)","sid":(\d+)\}/;
const SUBSCRIBED = /^(\{"type":"subscribed"(?:,"id":\d+)?,"msg":\{"channel":"[a-z0-9_]+","sid":)\d+/;
const HEAD = /^(\{"type":"[a-z0-9_]+"(?:,"id":\d+)?,"sid":)\d+(?:(,"seq":)\d+)?/;

/** Channels by the types of their messages. */
const CHANNELS: Readonly<Record<string, string>> = {
  orderbook_snapshot: 'orderbook_delta',
  orderbook_delta: 'orderbook_delta',
  ticker: 'ticker',
  trade: 'trade',
  market_lifecycle_v2: 'market_lifecycle_v2',
  event_lifecycle: 'market_lifecycle_v2',
  event_fee_update: 'market_lifecycle_v2',
  cfbenchmarks_value: 'cfbenchmarks_value',
  cfbenchmarks_value_5hz: 'cfbenchmarks_value_5hz',
};

/** The text between `name` and the next of `end`; undefined if `name` is not there. */
function between(text: string, name: string, end: RegExp): string | undefined {
  const at = text.indexOf(name);
  if (at < 0) return undefined;
  const rest = text.slice(at + name.length);
  const stop = rest.search(end);
  return stop < 0 ? undefined : rest.slice(0, stop);
}

const messageOf = (text: string): string => text.slice(text.indexOf(MSG) + MSG.length);

function ordered(key: string | undefined, stamp: string | undefined, identity: string): FrameMark {
  const at = Number(stamp);
  return key === undefined || stamp === undefined || !Number.isFinite(at)
    ? OWN
    : { kind: 'ordered', key, at, identity };
}

function mark(text: string): FrameMark {
  const type = /^\{"type":"([a-z0-9_]+)"/.exec(text)?.[1] ?? '';
  if (CHANNELS[type] === undefined) return OWN;
  const ticker = between(text, '"market_ticker":"', /"/);
  switch (type) {
    case 'orderbook_snapshot':
      return ticker === undefined ? OWN : { kind: 'whole', key: `book ${ticker}` };
    case 'orderbook_delta':
    case 'ticker':
    case 'trade':
      return ordered(
        ticker && `${type} ${ticker}`.replace('orderbook_delta', 'book'),
        between(text, '"ts_ms":', /[,}]/),
        messageOf(text),
      );
    case 'cfbenchmarks_value':
    case 'cfbenchmarks_value_5hz':
      return ordered(
        `${type} ${between(text, '"index_id":"', /"/) ?? ''}`,
        between(text, type.endsWith('5hz') ? '"source_ts_ms":' : '\\"time\\":', /[,}]/),
        '',
      );
    default:
      return { kind: 'event', identity: messageOf(text) };
  }
}

/**
 * Reads Kalshi's texts for merging. `sid` and `seq` are numbers of one connection, so they take no part in a
 * message's identity. In 1.25 million recorded deltas `ts_ms` never goes back within a market, and one delta
 * in 300 has a twin of the same millisecond, price, size and side: twins are counted, not dropped
 * (docs.kalshi.com/websockets). A print of an index is told by its own second.
 */
export function kalshiMarkReader(): MarkReader {
  const granted = new Map<number, string>();
  return {
    mark,
    numbers: (text): FrameNumbers | undefined => {
      const [, channel, sidText] = GRANTED.exec(text) ?? [];
      if (channel !== undefined) {
        granted.set(Number(sidText), channel);
        return { channel, sid: Number(sidText), seq: undefined };
      }
      const [, type = '', sid, seq] = NUMBERS.exec(text) ?? [];
      if (sid === undefined) return undefined;
      return {
        channel: CHANNELS[type] ?? granted.get(Number(sid)) ?? `sid ${sid}`,
        sid: Number(sid),
        seq: seq === undefined ? undefined : Number(seq),
      };
    },
    renumbered: (text, sid, seq) =>
      text.startsWith('{"type":"subscribed"')
        ? text.replace(SUBSCRIBED, `$1${sid}`)
        : text.replace(HEAD, (_, head: string, name?: string) =>
            name === undefined ? `${head}${sid}` : `${head}${sid}${name}${seq ?? 0}`,
          ),
  };
}
