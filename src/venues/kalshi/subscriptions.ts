/** Channels subscribed by market, each with its own sid. */
const MARKET_CHANNELS = ['orderbook_delta', 'ticker', 'trade'] as const;
/** Channels that carry all markets, or the indices asked for. */
const OTHER_CHANNELS = ['market_lifecycle_v2', 'cfbenchmarks_value'] as const;

/** Channels of our own account, which only a lane with orders needs. */
const OWN_CHANNELS = ['fill', 'user_orders', 'market_positions', 'order_group_updates'] as const;

type MarketChannel = (typeof MARKET_CHANNELS)[number];
type Channel = MarketChannel | (typeof OTHER_CHANNELS)[number] | (typeof OWN_CHANNELS)[number];

/** A command without its id. */
export interface KalshiCommand {
  readonly cmd: 'subscribe' | 'update_subscription';
  readonly params: Readonly<Record<string, unknown>>;
}

/** What one connection has asked for and what was granted. Each connection gets a new one. */
export interface Subscriptions {
  /**
   * Sends the commands that bring the subscriptions nearer to `wanted`. Their tickers count as subscribed
   * unless they are refused.
   */
  readonly sync: (wanted: readonly string[], nowMs: number) => void;
  readonly subscribed: (channel: string, sid: number, id: number | undefined) => void;
  readonly granted: (id: number | undefined) => void;
  /** Takes a refusal and returns what it was about; `ended` is true if the whole subscription is gone. */
  readonly refused: (
    error: {
      readonly id: number | undefined;
      readonly sid: number | undefined;
      readonly code: number;
      readonly tickers: readonly string[];
    },
    nowMs: number,
  ) => { readonly about: string; readonly ended: boolean };
  /** Asks for snapshots of all books of the sid, or of some. */
  readonly snapshots: (tickers?: readonly string[]) => void;
  readonly bookSid: () => number | undefined;
  /** Tickers whose books were asked for. */
  readonly books: () => ReadonlySet<string>;
  /** True once every channel that is wanted has its sid. */
  readonly complete: () => boolean;
}

interface Held {
  sid: number | undefined;
  asking: boolean;
  retryMs: number;
  readonly tickers: Set<string>;
}

interface Pending {
  readonly channel: Channel;
  readonly added: readonly string[];
  readonly subscribing: boolean;
}

/** Most tickers in one command, so that it stays at a few kilobytes. */
const CHUNK = 200;
/** A refused command is repeated after this: a market may be unknown for a moment after it was created. */
const RETRY_MS = 2_000;
/**
 * Error codes that end a subscription: channel error, buffer overflow (docs.kalshi.com/websockets, errors).
 */
const TERMINAL = new Set([10, 25]);

const chunksOf = (tickers: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(tickers.length / CHUNK) }, (_, i) =>
    tickers.slice(i * CHUNK, (i + 1) * CHUNK),
  );

/** The subscriptions of one connection; `send` takes a command and returns its id. */
export function subscriptions(
  send: (command: KalshiCommand) => number,
  {
    useYesPrice,
    indexIds,
    ownChannels = false,
  }: {
    readonly useYesPrice: boolean;
    readonly indexIds: readonly string[];
    readonly ownChannels?: boolean;
  },
): Subscriptions {
  const held = new Map<Channel, Held>(
    [...OTHER_CHANNELS, ...(ownChannels ? OWN_CHANNELS : []), ...MARKET_CHANNELS].map((channel) => [
      channel,
      { sid: undefined, asking: false, retryMs: 0, tickers: new Set<string>() },
    ]),
  );
  const pending = new Map<number, Pending>();
  const at = (channel: Channel): Held => held.get(channel) as Held;
  const isMarket = (channel: Channel): channel is MarketChannel =>
    (MARKET_CHANNELS as readonly string[]).includes(channel);

  const flagsOf = (channel: Channel): Readonly<Record<string, unknown>> => {
    if (channel === 'orderbook_delta') return { use_yes_price: useYesPrice };
    if (channel === 'ticker') return { send_initial_snapshot: true };
    if (channel === 'cfbenchmarks_value') return { index_ids: indexIds };
    return {};
  };
  const subscribe = (channel: Channel, tickers: readonly string[]): void => {
    const state = at(channel);
    state.asking = true;
    const id = send({
      cmd: 'subscribe',
      params: {
        channels: [channel],
        ...flagsOf(channel),
        ...(isMarket(channel) && { market_tickers: tickers }),
      },
    });
    for (const ticker of tickers) state.tickers.add(ticker);
    pending.set(id, { channel, added: tickers, subscribing: true });
  };
  const update = (channel: Channel, sid: number, action: string, tickers: readonly string[]): void => {
    const id = send({
      cmd: 'update_subscription',
      params: { sids: [sid], action, market_tickers: tickers },
    });
    pending.set(id, { channel, added: action === 'add_markets' ? tickers : [], subscribing: false });
  };

  return {
    sync: (wanted, nowMs) => {
      for (const [channel, state] of held) {
        if (state.asking || nowMs < state.retryMs) continue;
        if (!isMarket(channel)) {
          if (state.sid === undefined) subscribe(channel, []);
          continue;
        }
        if (state.sid === undefined) {
          if (wanted.length > 0) subscribe(channel, wanted.slice(0, CHUNK));
          continue;
        }
        const { sid, tickers } = state;
        const missing = wanted.filter((ticker) => !tickers.has(ticker));
        const keep = new Set(wanted);
        const extra = [...tickers].filter((ticker) => !keep.has(ticker));
        for (const chunk of chunksOf(missing)) {
          for (const ticker of chunk) tickers.add(ticker);
          update(channel, sid, 'add_markets', chunk);
        }
        for (const chunk of chunksOf(extra)) {
          for (const ticker of chunk) tickers.delete(ticker);
          update(channel, sid, 'delete_markets', chunk);
        }
      }
    },
    subscribed: (channel, sid, id) => {
      const state = held.get(channel as Channel);
      if (id !== undefined) pending.delete(id);
      if (!state) return;
      state.sid = sid;
      state.asking = false;
    },
    granted: (id) => {
      if (id !== undefined) pending.delete(id);
    },
    refused: ({ id, sid, code, tickers }, nowMs) => {
      const command = id === undefined ? undefined : pending.get(id);
      if (id !== undefined) pending.delete(id);
      if (command) {
        const state = at(command.channel);
        state.retryMs = nowMs + RETRY_MS;
        if (command.subscribing) state.asking = false;
        const lost = tickers.length > 0 && !command.subscribing ? tickers : command.added;
        for (const ticker of lost) state.tickers.delete(ticker);
        return { about: command.channel, ended: false };
      }
      const ended = TERMINAL.has(code);
      for (const [channel, state] of held) {
        if (sid === undefined || state.sid !== sid) continue;
        if (ended) {
          state.sid = undefined;
          state.asking = false;
          state.retryMs = nowMs + RETRY_MS;
          state.tickers.clear();
        }
        return { about: channel, ended };
      }
      return { about: sid === undefined ? 'connection' : `sid ${sid}`, ended };
    },
    snapshots: (tickers) => {
      const { sid, tickers: all } = at('orderbook_delta');
      if (sid === undefined) return;
      for (const chunk of chunksOf(tickers ?? [...all]))
        update('orderbook_delta', sid, 'get_snapshot', chunk);
    },
    bookSid: () => at('orderbook_delta').sid,
    books: () => at('orderbook_delta').tickers,
    complete: () => [...held.values()].every(({ sid }) => sid !== undefined),
  };
}
