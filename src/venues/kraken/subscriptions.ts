import {
  type ChannelEvent,
  type ChannelState,
  channelStep,
  idleChannel,
  KRAKEN_CHANNELS,
  type KrakenChannel,
} from './channels.ts';
import type { KrakenReply } from './frame-label.ts';

/** One channel of one pair, with its own state machine. The instrument channel has one slot for all pairs. */
interface Slot {
  readonly channel: KrakenChannel;
  readonly symbol: string | undefined;
  state: ChannelState;
}

/** What subscriptions need. */
export interface SubscriptionsPorts {
  readonly symbols: readonly string[];
  readonly bookDepth: number;
  readonly nowMs: () => number;
  /** Sends a request and returns its number. */
  readonly ask: (method: string, params: Readonly<Record<string, unknown>>) => number;
  /** Called when only a new socket can help. */
  readonly giveUp: (why: string) => void;
  readonly refused: (why: string) => void;
  /** Called when all channels are live. */
  readonly onLive: () => void;
}

/** The subscriptions to every channel of every pair. They outlive a connection: `open` starts them anew. */
export interface Subscriptions {
  /** A socket has opened: asks for everything, with one request per channel. */
  readonly open: () => void;
  readonly closed: () => void;
  readonly reply: (reply: KrakenReply) => void;
  /** A snapshot came. Without a symbol it covers every pair of the channel. */
  readonly snapshot: (channel: KrakenChannel, symbol: string | undefined) => void;
  /**
   * Asks for one channel of one pair again, and leaves all others alone. False if it is not live, since a
   * snapshot is then under way already.
   */
  readonly resync: (channel: KrakenChannel, symbol: string) => boolean;
  /** Checks the deadlines. */
  readonly time: () => void;
}

const nameOf = ({ channel, symbol }: Slot): string =>
  symbol === undefined ? channel : `${channel} ${symbol}`;

/**
 * Keeps a state machine for each channel of each pair. Kraken sends one answer per pair, with that pair's
 * symbol, even if one request lists many pairs (docs.kraken.com/api/docs/websocket-v2/ohlc). So one pair may
 * be refused while the others are granted.
 */
export function subscriptions(ports: SubscriptionsPorts): Subscriptions {
  const { symbols, bookDepth, nowMs, ask, giveUp, refused, onLive } = ports;
  const slots: readonly Slot[] = KRAKEN_CHANNELS.flatMap((channel): readonly Slot[] =>
    channel === 'instrument'
      ? [{ channel, symbol: undefined, state: idleChannel }]
      : symbols.map((symbol) => ({ channel, symbol, state: idleChannel })),
  );
  /** The slots of each request that still waits for an answer. */
  const requested = new Map<number, Set<Slot>>();
  let live = false;

  const send = (method: string, channel: KrakenChannel, of: readonly Slot[]): void => {
    const named = of.flatMap(({ symbol }) => symbol ?? []);
    const id = ask(method, {
      channel,
      ...(channel !== 'instrument' && { symbol: named }),
      ...(channel === 'book' && { depth: bookDepth }),
      ...(channel === 'ohlc' && { interval: 1 }),
      snapshot: true,
    });
    requested.set(id, new Set(of));
  };
  const step = (of: readonly Slot[], event: ChannelEvent): void => {
    const wanted = new Map<string, { readonly method: string; readonly slots: Slot[] }>();
    for (const slot of of) {
      const { state, action } = channelStep(slot.state, event, nowMs());
      slot.state = state;
      if (action === 'reconnect') giveUp(`${nameOf(slot)}: no answer to two subscriptions`);
      if (action !== 'subscribe' && action !== 'unsubscribe') continue;
      const key = `${action} ${slot.channel}`;
      const request = wanted.get(key) ?? { method: action, slots: [] };
      request.slots.push(slot);
      wanted.set(key, request);
    }
    for (const { method, slots: asked } of wanted.values())
      if (asked[0]) send(method, asked[0].channel, asked);
    const nowLive = slots.every(({ state }) => state.phase === 'live');
    if (nowLive && !live) onLive();
    live = nowLive;
  };
  const slotsOf = (channel: string, symbol: string | undefined): readonly Slot[] =>
    slots.filter(
      (slot) =>
        slot.channel === channel &&
        (symbol === undefined || slot.symbol === undefined || slot.symbol === symbol),
    );
  /** The slots that a reply concerns, by its request's number and its symbol. */
  const answered = ({ req_id: id, result, symbol }: KrakenReply): readonly Slot[] => {
    const named = result?.symbol ?? symbol;
    const waiting = id === undefined ? undefined : requested.get(id);
    // If the reply spells the pair otherwise than the request did, it counts for all slots of the request.
    const ours = named === undefined || !symbols.includes(named) ? undefined : named;
    const of = waiting
      ? [...waiting].filter((slot) => ours === undefined || slot.symbol === undefined || slot.symbol === ours)
      : result?.channel === undefined
        ? []
        : slotsOf(result.channel, named);
    for (const slot of of) waiting?.delete(slot);
    if (id !== undefined && waiting?.size === 0) requested.delete(id);
    return of;
  };

  return {
    open: () => step(slots, { kind: 'open' }),
    closed: () => {
      live = false;
      requested.clear();
      for (const slot of slots) slot.state = idleChannel;
    },
    reply: (reply) => {
      const { method, error, success } = reply;
      const of = answered(reply);
      const accepted = error === undefined && success !== false;
      if (method === 'unsubscribe' && of.length > 0) {
        step(of, { kind: 'unsubscribed' });
      } else if (of.length > 0 && (accepted || error === 'Already subscribed')) {
        step(of, { kind: 'subscribed', accepted: true });
      } else if (!accepted) {
        const about = of.length > 0 ? of.map(nameOf).join(', ') : (method ?? 'request');
        refused(`${about}: ${error ?? 'no reason given'}`);
        step(of, { kind: 'subscribed', accepted: false });
      }
    },
    snapshot: (channel, symbol) => step(slotsOf(channel, symbol), { kind: 'snapshot' }),
    resync: (channel, symbol) => {
      const of = slotsOf(channel, symbol).filter(({ state }) => state.phase === 'live');
      step(of, { kind: 'resync' });
      return of.length > 0;
    },
    time: () => step(slots, { kind: 'time' }),
  };
}
