import type { MinuteBar } from '../../domain/bars.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import type { EmulatedCaller, EmulatedTimes, EmulatedVenue } from '../transport/emulated-venue.ts';
import { rfc3339Text } from '../world/rfc3339-text.ts';
import { candleOf, KRAKEN_INTERVALS, merged } from './candles.ts';
import type { KrakenCandle, KrakenEmission, KrakenMarketEmission, KrakenTradeTicks } from './emission.ts';
import type { KrakenPair } from './pair.ts';
import { type KrakenSystem, krakenPublicRest } from './public-rest.ts';
import { type KrakenViews, krakenViews } from './views.ts';
import { krakenWire } from './wire.ts';

/** The emulated Kraken, and what faults can do to it. */
export interface KrakenVenue extends EmulatedVenue<KrakenEmission> {
  readonly setSystem: (system: KrakenSystem) => void;
  /** By symbol: best levels a side, best first, and ids of all published trades. */
  readonly state: () => Readonly<Record<string, KrakenPairState>>;
}

/** The state of one pair that a client should have. */
export interface KrakenPairState {
  readonly bids: readonly (readonly [ticks: number, lots: number])[];
  readonly asks: readonly (readonly [ticks: number, lots: number])[];
  readonly firstTradeId: number | undefined;
  readonly lastTradeId: number | undefined;
}

/** A pair with its closed minutes before the start, oldest first. */
export interface EmulatedPair {
  readonly pair: KrakenPair;
  readonly history: readonly MinuteBar[];
}

/** Options of the emulated Kraken. */
export interface KrakenVenueOptions {
  readonly times: EmulatedTimes;
  /** Levels a side that the market has. */
  readonly marketDepth: number;
  readonly pairs: readonly EmulatedPair[];
  /** False puts no limit on REST calls. */
  readonly rateLimited?: boolean;
}

const DEPTHS = [10, 25, 100, 500, 1000];
const SNAPSHOT_TRADES = 50;
const SNAPSHOT_CANDLES = 720;
const KEPT_TRADES = 20_000;

/** A subscription of one client: its channel and its other parameters. */
interface Subscription {
  /** Empty for the instrument channel, which covers all pairs. */
  readonly symbol: string;
  readonly channel: 'book' | 'trade' | 'ohlc' | 'instrument';
  readonly depth: number;
  readonly interval: number;
}

/** The venue's state of one pair. */
interface PairMarket {
  readonly views: KrakenViews;
  readonly trades: KrakenTradeTicks[];
  readonly candles: KrakenCandle[];
  bookAt: Micros;
}

interface Client {
  readonly caller: EmulatedCaller;
  readonly subscriptions: Map<string, Subscription>;
  beatAt: Micros;
}

/**
 * Kraken's public WebSocket v2 and REST for its pairs as documented (docs.kraken.com, websocket-v2 and
 * rest-api) and as captured in 2026: status first, one acknowledgement a symbol, refusals in Kraken's own
 * words, snapshots, book views by depth with their checksums, heartbeats once anything is subscribed. Not
 * emulated: ticker and level 3 channels, private channels.
 */
export function krakenVenue({
  times,
  marketDepth,
  pairs,
  rateLimited = true,
}: KrakenVenueOptions): KrakenVenue {
  const text = krakenWire(
    marketDepth,
    pairs.map(({ pair }) => pair),
  );
  const markets = new Map<string, PairMarket>(
    pairs.map(({ pair, history }) => [
      pair.symbol,
      {
        views: krakenViews(marketDepth),
        trades: [],
        candles: history.map((bar) => candleOf(bar, pair)),
        bookAt: times.now(),
      },
    ]),
  );
  const marketOf = (symbol: string): PairMarket => {
    const found = markets.get(symbol);
    if (!found) throw new Error(`krakenVenue: the pair must be listed, was ${symbol}`);
    return found;
  };
  const stamp = rfc3339Text();
  const clients = new Set<Client>();
  let system: KrakenSystem = 'online';
  let held: KrakenMarketEmission[] = [];

  const statusText = (): string =>
    text({ kind: 'status', at: times.now() }).replace('"system":"online"', `"system":"${system}"`);
  const subscribers = function* (
    channel: Subscription['channel'],
    symbol: string,
  ): Generator<readonly [Client, Subscription]> {
    for (const client of clients)
      for (const subscription of client.subscriptions.values())
        if (subscription.channel === channel && subscription.symbol === symbol) yield [client, subscription];
  };
  const rest = krakenPublicRest({
    times,
    rateLimited,
    system: () => system,
    pairs: pairs.map(({ pair }) => pair),
    trades: (symbol) => marketOf(symbol).trades,
    candles: (symbol, span) => {
      const { candles } = marketOf(symbol);
      return span === MINUTE ? candles : merged(candles, span);
    },
    book: (symbol) => marketOf(symbol).views.whole(500),
  });

  const publishBook = (symbol: string, at: Micros): void => {
    const texts = new Map(
      marketOf(symbol)
        .views.changes()
        .map(([depth, sides]) => [depth, text({ kind: 'book', at, symbol, snapshot: false, sides })]),
    );
    for (const [{ caller }, { depth }] of subscribers('book', symbol)) {
      const output = texts.get(depth);
      if (output !== undefined) caller.say(output);
    }
  };
  const publishCandle = (symbol: string, at: Micros): void => {
    const { candles } = marketOf(symbol);
    for (const [{ caller }, { interval }] of subscribers('ohlc', symbol)) {
      const span = interval * MINUTE;
      const current = interval === 1 ? candles.at(-1) : merged(candles.slice(-interval), span).at(-1);
      if (current)
        caller.say(
          text({ kind: 'ohlc', at, symbol, snapshot: false, candles: [current] }).replaceAll(
            '"interval":1,',
            `"interval":${interval},`,
          ),
        );
    }
  };

  const snapshotOf = ({ channel, symbol, depth, interval }: Subscription): string | undefined => {
    const at = times.now();
    switch (channel) {
      case 'instrument':
        return text({ kind: 'instrument', at });
      case 'book': {
        const { views, bookAt } = marketOf(symbol);
        views.follow(depth);
        return text({ kind: 'book', at: bookAt, symbol, snapshot: true, sides: views.whole(depth) });
      }
      case 'trade': {
        const trades = marketOf(symbol).trades.slice(-SNAPSHOT_TRADES);
        return text({ kind: 'trades', at, symbol, snapshot: true, trades });
      }
      case 'ohlc': {
        const { candles } = marketOf(symbol);
        const all = interval === 1 ? candles : merged(candles, interval * MINUTE);
        return text({
          kind: 'ohlc',
          at,
          symbol,
          snapshot: true,
          candles: all.slice(-SNAPSHOT_CANDLES),
        }).replaceAll('"interval":1,', `"interval":${interval},`);
      }
    }
  };

  const onRequest = (client: Client, message: string): void => {
    const inAt = times.now();
    let request: { method?: unknown; params?: Record<string, unknown>; req_id?: unknown } = {};
    let readable = true;
    try {
      request = JSON.parse(message) as typeof request;
      readable = typeof request === 'object' && request !== null && request.params !== null;
    } catch {
      readable = false;
    }
    const reply = (fields: Readonly<Record<string, unknown>>): void =>
      client.caller.say(
        JSON.stringify({
          ...fields,
          time_in: stamp(inAt),
          time_out: stamp(times.now()),
          ...(readable && Number.isInteger(request.req_id) && { req_id: request.req_id }),
        }),
      );
    const refuse = (method: string, error: string, symbol?: string): void =>
      reply({ error, method, success: false, ...(symbol !== undefined && { symbol }) });
    if (!readable) {
      refuse('error', 'Malformed request');
      return;
    }
    const { method, params = {} } = request;
    if (method === 'ping') {
      reply({ method: 'pong' });
      return;
    }
    if (method !== 'subscribe' && method !== 'unsubscribe') {
      refuse('error', 'Malformed request');
      return;
    }
    const { channel } = params;
    if (channel !== 'book' && channel !== 'trade' && channel !== 'ohlc' && channel !== 'instrument') {
      refuse(method, 'Unsupported channel');
      return;
    }
    const symbols =
      channel === 'instrument' ? [undefined] : Array.isArray(params['symbol']) ? params['symbol'] : [];
    if (
      symbols.length === 0 ||
      symbols.some((symbol) => symbol !== undefined && typeof symbol !== 'string')
    ) {
      refuse(method, 'Malformed request');
      return;
    }
    for (const symbol of symbols as (string | undefined)[]) {
      if (symbol !== undefined && !markets.has(symbol)) {
        refuse(method, `Currency pair not supported ${symbol}`, symbol);
        continue;
      }
      const depth = channel === 'book' ? (params['depth'] ?? 10) : 0;
      const interval = channel === 'ohlc' ? (params['interval'] ?? 1) : 0;
      if (channel === 'book' && !Number.isInteger(depth)) {
        refuse(method, 'Subscription book depth must be an integer', symbol);
        continue;
      }
      if (channel === 'book' && !DEPTHS.includes(depth as number)) {
        refuse(method, 'Subscription depth not supported', symbol);
        continue;
      }
      if (channel === 'ohlc' && !KRAKEN_INTERVALS.includes(interval as number)) {
        refuse(method, 'Subscription ohlc interval not supported', symbol);
        continue;
      }
      const subscription: Subscription = {
        channel,
        symbol: symbol ?? '',
        depth: depth as number,
        interval: interval as number,
      };
      const key = `${channel} ${symbol} ${depth} ${interval}`;
      const snapshot = params['snapshot'] !== false;
      const result = {
        channel,
        ...(channel === 'book' && { depth }),
        ...(channel === 'ohlc' && { interval }),
        ...(method === 'subscribe' && { snapshot }),
        ...(symbol !== undefined && { symbol }),
        ...(channel === 'instrument' && { warnings: ['tick_size is deprecated, use price_increment'] }),
      };
      if (method === 'unsubscribe') {
        if (!client.subscriptions.delete(key)) refuse(method, 'Subscription Not Found', symbol);
        else reply({ method, result, success: true });
        continue;
      }
      if (client.subscriptions.has(key)) {
        refuse(method, 'Already subscribed', symbol);
        continue;
      }
      if (client.subscriptions.size === 0) client.beatAt = inAt + SECOND;
      client.subscriptions.set(key, subscription);
      reply({ method, result, success: true });
      const first = snapshot ? snapshotOf(subscription) : undefined;
      if (channel === 'book') marketOf(subscription.symbol).views.follow(depth as number);
      if (first !== undefined) client.caller.say(first);
    }
  };

  const take = (emission: KrakenMarketEmission): void => {
    const { symbol } = emission;
    const market = marketOf(symbol);
    const { views, trades, candles } = market;
    switch (emission.kind) {
      case 'book':
        views.apply(emission.sides, emission.snapshot);
        market.bookAt = emission.at;
        publishBook(symbol, emission.at);
        return;
      case 'trades':
        trades.push(...emission.trades);
        if (trades.length > 2 * KEPT_TRADES) trades.splice(0, trades.length - KEPT_TRADES);
        if (emission.snapshot) return;
        for (const [{ caller }] of subscribers('trade', symbol)) caller.say(text(emission));
        return;
      case 'ohlc':
        if (emission.snapshot) return;
        for (const candle of emission.candles) {
          if (candles.at(-1)?.openAt === candle.openAt) candles[candles.length - 1] = candle;
          else candles.push(candle);
        }
        publishCandle(symbol, emission.at);
        return;
    }
  };

  return {
    // Matching only runs when online. What the market does meanwhile takes effect when it is online again.
    market: (emission) => {
      // The venue sends the other emissions to each client itself.
      if (emission.kind !== 'book' && emission.kind !== 'trades' && emission.kind !== 'ohlc') return;
      if (system === 'online') take(emission);
      else held.push(emission);
    },
    tick: () => {
      const now = times.now();
      for (const client of clients) {
        if (client.subscriptions.size === 0 || now < client.beatAt) continue;
        client.beatAt = Math.max(client.beatAt + SECOND, now);
        client.caller.say(text({ kind: 'heartbeat', at: now }));
      }
    },
    upgrade: ({ path }, caller) => {
      if (!/^\/(v2\/?)?(\?|$)/.test(path)) return { kind: 'answer', status: 404, body: 'not found' };
      const client: Client = { caller, subscriptions: new Map(), beatAt: 0 };
      clients.add(client);
      caller.say(statusText());
      return {
        kind: 'peer',
        hear: (message) => onRequest(client, message),
        left: () => {
          clients.delete(client);
        },
      };
    },
    http: rest,
    setSystem: (next) => {
      if (next === system) return;
      system = next;
      for (const { caller } of clients) caller.say(statusText());
      if (next !== 'online') return;
      for (const emission of held) take(emission);
      held = [];
    },
    state: () =>
      Object.fromEntries(
        [...markets].map(([symbol, { views, trades }]) => {
          const { bids, asks } = views.whole(10);
          const levels = (side: typeof bids) => side.map(({ ticks, lots }) => [ticks, lots] as const);
          return [
            symbol,
            {
              bids: levels(bids),
              asks: levels(asks),
              firstTradeId: trades[0]?.tradeId,
              lastTradeId: trades.at(-1)?.tradeId,
            },
          ];
        }),
      ),
  };
}
