import type { EmulatedCaller, EmulatedTimes } from '../transport/emulated-venue.ts';
import { type Channel, channelOf, isChannel, isPrivate, tickerOf } from './channel.ts';
import type { KalshiOutput } from './exchange/port.ts';
import { kalshiPrivateText } from './exchange/private-wire.ts';
import type { KalshiEmission } from './public/emission.ts';
import type { KalshiPublic } from './public/state.ts';
import { kalshiWire } from './public/wire.ts';

const TICKERED: ReadonlySet<string> = new Set([
  'orderbook_delta',
  'ticker',
  'trade',
  'fill',
  'user_orders',
  'market_positions',
]);
const UNSEQUENCED: ReadonlySet<string> = new Set(['ticker', 'fill', 'user_orders', 'market_positions']);
const INDEXED: ReadonlySet<string> = new Set(['cfbenchmarks_value', 'cfbenchmarks_value_5hz']);

interface Sub {
  readonly sid: number;
  seq: number;
  /** Subscribed markets; undefined means every market. */
  tickers: Set<string> | undefined;
  readonly indexIds: Set<string>;
  readonly wire: (emission: KalshiEmission) => string;
}

/** One connected client of the emulated Kalshi. */
export interface KalshiClient {
  readonly hear: (message: string) => void;
  readonly publish: (output: KalshiOutput) => void;
}

/**
 * A client's subscriptions by the AsyncAPI 2.0.0 of docs.kalshi.com/websockets: each channel has one sid, and
 * subscribing again merges into it. Every sequenced frame of a sid takes the next number, from 1 (replies
 * with a sid too, but not tickers and members' channels). Errors have their codes. Frames end with a newline.
 * `indices` are the ids of all indices that the exchange publishes.
 */
export function kalshiClient(
  caller: EmulatedCaller,
  state: KalshiPublic,
  times: EmulatedTimes,
  indices: readonly string[],
): KalshiClient {
  const subs = new Map<Channel, Sub>();
  let sids = 0;

  const say = (text: string): void => caller.say(`${text}\n`);
  const json = (value: unknown): void => say(JSON.stringify(value));
  const error = (id: number | undefined, code: number, msg: string, extra: object = {}): void =>
    json({ id, type: 'error', msg: { code, msg, ...extra } });
  const numbered = (channel: Channel, sub: Sub): { sid: number; seq?: number } =>
    UNSEQUENCED.has(channel) ? { sid: sub.sid } : { sid: sub.sid, seq: ++sub.seq };
  const ok = (id: number | undefined, channel: Channel, sub: Sub): void =>
    json({
      id,
      type: 'ok',
      ...numbered(channel, sub),
      msg: INDEXED.has(channel)
        ? { index_ids: [...sub.indexIds] }
        : { market_tickers: [...(sub.tickers ?? [])] },
    });
  const unknownOf = (tickers: readonly string[]): readonly string[] =>
    tickers.filter((ticker) => !state.market(ticker));

  const snapshots = (sub: Sub, tickers: readonly string[], id?: number): void => {
    for (const ticker of tickers) {
      const output = state.snapshot(ticker, times.now());
      if (!output) continue;
      const text = sub.wire(output);
      say(
        id === undefined
          ? text
          : text
              .replace('{', `{"id":${id},`)
              .replace(`{"id":${id},"type":"orderbook_snapshot"`, `{"type":"orderbook_snapshot","id":${id}`),
      );
    }
  };
  const firstWords = (channel: Channel, sub: Sub, tickers: readonly string[], wantTicker: boolean): void => {
    if (channel === 'orderbook_delta') snapshots(sub, tickers);
    if (channel !== 'ticker' || !wantTicker) return;
    for (const ticker of tickers) {
      const last = state.market(ticker)?.ticker;
      if (last) say(sub.wire(last));
    }
  };
  const listOf = (params: Readonly<Record<string, unknown>>): readonly string[] | undefined => {
    const { market_ticker: one, market_tickers: many } = params;
    if (typeof one === 'string') return [one];
    return Array.isArray(many)
      ? [...new Set(many.filter((name): name is string => typeof name === 'string'))]
      : undefined;
  };

  const open = (
    channel: Channel,
    tickers: readonly string[] | undefined,
    indexIds: readonly string[],
    useYesPrice: boolean,
  ): Sub => {
    const sid = ++sids;
    const sub: Sub = {
      sid,
      seq: 0,
      tickers: TICKERED.has(channel) && tickers ? new Set(tickers) : undefined,
      indexIds: new Set(indexIds.includes('all') ? indices : indexIds),
      wire: kalshiWire({ useYesPrice, numbering: { sidOf: () => sid, next: () => ++sub.seq } }),
    };
    subs.set(channel, sub);
    return sub;
  };
  const subscribe = (id: number | undefined, params: Readonly<Record<string, unknown>>): void => {
    const { channels } = params;
    if (!Array.isArray(channels) || channels.length === 0) {
      error(id, 3, 'Channels required');
      return;
    }
    const tickers = listOf(params);
    const indexIds = Array.isArray(params['index_ids']) ? (params['index_ids'] as string[]) : [];
    for (const channel of channels as unknown[]) {
      if (!isChannel(channel)) {
        error(id, 8, 'Unknown channel name', { channel });
        continue;
      }
      if (channel === 'orderbook_delta' && (tickers === undefined || tickers.length === 0)) {
        error(id, 14, 'Market ticker required');
        continue;
      }
      if (INDEXED.has(channel) && indexIds.length === 0) {
        error(id, 24, 'Index ids required');
        continue;
      }
      const unknown = TICKERED.has(channel) ? unknownOf(tickers ?? []) : [];
      if (unknown.length > 0) {
        error(id, 11, 'Invalid parameter: market not found', { market_tickers: unknown });
        continue;
      }
      const before = subs.get(channel);
      const wantTicker = params['send_initial_snapshot'] === true;
      if (before) {
        const added = (tickers ?? []).filter((ticker) => !before.tickers?.has(ticker));
        for (const ticker of added) before.tickers?.add(ticker);
        for (const index of indexIds) before.indexIds.add(index);
        ok(id, channel, before);
        firstWords(channel, before, added, wantTicker);
        continue;
      }
      const sub = open(channel, tickers, indexIds, params['use_yes_price'] === true);
      json({ id, type: 'subscribed', msg: { channel, sid: sub.sid } });
      firstWords(channel, sub, tickers ?? [], wantTicker);
    }
  };
  const bySid = (sid: unknown): readonly [Channel, Sub] | undefined =>
    [...subs].find(([, sub]) => sub.sid === sid);
  const update = (id: number | undefined, params: Readonly<Record<string, unknown>>): void => {
    const sids = params['sids'] ?? (params['sid'] === undefined ? undefined : [params['sid']]);
    if (!Array.isArray(sids) || sids.length !== 1) {
      error(id, 12, 'Exactly one subscription id required');
      return;
    }
    const found = bySid(sids[0]);
    if (!found) {
      error(id, 7, 'Unknown subscription ID');
      return;
    }
    const [channel, sub] = found;
    const { action } = params;
    if (action === undefined) {
      error(id, 15, 'Action required');
      return;
    }
    if (INDEXED.has(channel)) {
      const ids = Array.isArray(params['index_ids']) ? (params['index_ids'] as string[]) : [];
      if (action === 'indexlist') {
        json({ id, type: 'ok', ...numbered(channel, sub), msg: { index_ids: indices } });
        return;
      }
      if (action !== 'subscribe_indices' && action !== 'unsubscribe_indices') {
        error(id, 13, 'Unsupported action');
        return;
      }
      for (const index of ids)
        action === 'subscribe_indices' ? sub.indexIds.add(index) : sub.indexIds.delete(index);
      ok(id, channel, sub);
      return;
    }
    const tickers = listOf(params);
    if (tickers === undefined || tickers.length === 0) {
      error(id, 14, 'Market ticker required');
      return;
    }
    const unknown = action === 'delete_markets' ? [] : unknownOf(tickers);
    if (unknown.length > 0) {
      error(id, 11, 'Invalid parameter: market not found', { market_tickers: unknown });
      return;
    }
    switch (action) {
      case 'add_markets': {
        const added = tickers.filter((ticker) => !sub.tickers?.has(ticker));
        for (const ticker of added) sub.tickers?.add(ticker);
        ok(id, channel, sub);
        firstWords(channel, sub, added, channel === 'ticker');
        return;
      }
      case 'delete_markets':
        for (const ticker of tickers) sub.tickers?.delete(ticker);
        ok(id, channel, sub);
        return;
      case 'get_snapshot':
        if (channel !== 'orderbook_delta') {
          error(id, 13, 'Unsupported action');
          return;
        }
        ok(id, channel, sub);
        snapshots(
          sub,
          tickers.filter((ticker) => sub.tickers?.has(ticker)),
          id,
        );
        return;
      default:
        error(id, 13, 'Unsupported action');
        return;
    }
  };
  const unsubscribe = (id: number | undefined, params: Readonly<Record<string, unknown>>): void => {
    const { sids } = params;
    if (!Array.isArray(sids) || sids.length === 0) {
      error(id, 4, 'Subscription IDs required');
      return;
    }
    for (const sid of sids) {
      const found = bySid(sid);
      if (!found) {
        error(id, 7, 'Unknown subscription ID');
        continue;
      }
      const [channel, sub] = found;
      json({ id, type: 'unsubscribed', ...numbered(channel, sub) });
      subs.delete(channel);
    }
  };

  return {
    hear: (message) => {
      let command: { id?: unknown; cmd?: unknown; params?: unknown };
      try {
        command = JSON.parse(message) as typeof command;
      } catch {
        error(undefined, 1, 'Unable to process message');
        return;
      }
      if (typeof command !== 'object' || command === null) {
        error(undefined, 1, 'Unable to process message');
        return;
      }
      const id = Number.isInteger(command.id) ? (command.id as number) : undefined;
      const params = command.params as Readonly<Record<string, unknown>> | undefined;
      if (command.cmd === 'list_subscriptions') {
        json({ id, type: 'ok', msg: [...subs].map(([channel, { sid }]) => ({ channel, sid })) });
        return;
      }
      if (
        command.cmd !== 'subscribe' &&
        command.cmd !== 'unsubscribe' &&
        command.cmd !== 'update_subscription'
      ) {
        error(id, 5, 'Unknown command');
        return;
      }
      if (typeof params !== 'object' || params === null) {
        error(id, 2, 'Params required');
        return;
      }
      if (command.cmd === 'subscribe') {
        subscribe(id, params);
        return;
      }
      if (command.cmd === 'unsubscribe') unsubscribe(id, params);
      else update(id, params);
    },
    publish: (output) => {
      const channel = channelOf(output);
      const sub = channel && subs.get(channel);
      if (!channel || !sub) return;
      const ticker = tickerOf(output);
      if (sub.tickers && ticker !== undefined && !sub.tickers.has(ticker)) return;
      if ('index' in output && !sub.indexIds.has(output.index.indexId)) return;
      if (isPrivate(output)) say(kalshiPrivateText(output, sub.sid, () => ++sub.seq));
      else say(sub.wire(output));
    },
  };
}
