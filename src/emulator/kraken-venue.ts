import type { MinuteBar } from '../domain/bars.ts';
import { MINUTE, type Micros, SECOND } from '../domain/time.ts';
import { candleOf, merged } from './kraken-candles.ts';
import type { KrakenCandle, KrakenEmission, KrakenTradeTicks } from './kraken-emission.ts';
import { KRAKEN_INTERVALS } from './kraken-intervals.ts';
import { krakenPublicRest } from './kraken-public-rest.ts';
import type { KrakenSystem } from './kraken-system.ts';
import { krakenViews } from './kraken-views.ts';
import { krakenWire } from './kraken-wire.ts';
import { rfc3339Text } from './rfc3339-text.ts';
import type { EmulatedCaller, EmulatedTimes, EmulatedVenue } from './venue.ts';

/** The emulated Kraken, with what a fault may do to it. */
export interface KrakenVenue extends EmulatedVenue<KrakenEmission> {
  readonly setSystem: (system: KrakenSystem) => void;
  /** Best levels a side, best first, and ids of all trades said: what a client should know. */
  readonly state: () => {
    readonly bids: readonly (readonly [ticks: number, lots: number])[];
    readonly asks: readonly (readonly [ticks: number, lots: number])[];
    readonly firstTradeId: number | undefined;
    readonly lastTradeId: number | undefined;
  };
}

/** How the emulated Kraken is made. */
export interface KrakenVenueOptions {
  readonly times: EmulatedTimes;
  /** Levels a side that the market has. */
  readonly marketDepth: number;
  /** Closed minutes before the start. */
  readonly history: readonly MinuteBar[];
  /** False lets REST be asked as often as one likes. */
  readonly rateLimited?: boolean;
}

const SYMBOL = 'BTC/USD';
const DEPTHS = [10, 25, 100, 500, 1000];
const SNAPSHOT_TRADES = 50;
const SNAPSHOT_CANDLES = 720;
const KEPT_TRADES = 20_000;

/** A subscription of one client: channel, and what else tells it apart. */
interface Subscription {
  readonly channel: 'book' | 'trade' | 'ohlc' | 'instrument';
  readonly depth: number;
  readonly interval: number;
}

interface Client {
  readonly caller: EmulatedCaller;
  readonly subscriptions: Map<string, Subscription>;
  beatAt: Micros;
}

/**
 * Kraken's public WebSocket v2 and REST for BTC/USD as documented (docs.kraken.com, websocket-v2 and rest-api) and as captured in 2026: status first, one
 * acknowledgement a symbol, refusals in Kraken's own words, snapshots, book views by depth with their checksums, heartbeats once anything is subscribed.
 * Not emulated: ticker and level 3 channels, private channels.
 */
export function krakenVenue({
  times,
  marketDepth,
  history,
  rateLimited = true,
}: KrakenVenueOptions): KrakenVenue {
  const views = krakenViews(marketDepth);
  const text = krakenWire(marketDepth);
  const stamp = rfc3339Text();
  const clients = new Set<Client>();
  const trades: KrakenTradeTicks[] = [];
  const candles: KrakenCandle[] = history.map(candleOf);
  let system: KrakenSystem = 'online';
  let held: KrakenEmission[] = [];
  let bookAt: Micros = times.now();

  const statusText = (): string =>
    text({ kind: 'status', at: times.now() }).replace('"system":"online"', `"system":"${system}"`);
  const subscribers = function* (
    channel: Subscription['channel'],
  ): Generator<readonly [Client, Subscription]> {
    for (const client of clients)
      for (const subscription of client.subscriptions.values())
        if (subscription.channel === channel) yield [client, subscription];
  };
  const rest = krakenPublicRest({
    times,
    rateLimited,
    system: () => system,
    trades: () => trades,
    candles: (span) => (span === MINUTE ? candles : merged(candles, span)),
    book: () => views.whole(500),
  });

  const tellBook = (at: Micros): void => {
    const texts = new Map(
      views.changes().map(([depth, sides]) => [depth, text({ kind: 'book', at, snapshot: false, sides })]),
    );
    for (const [{ caller }, { depth }] of subscribers('book')) {
      const said = texts.get(depth);
      if (said !== undefined) caller.say(said);
    }
  };
  const tellCandle = (at: Micros): void => {
    for (const [{ caller }, { interval }] of subscribers('ohlc')) {
      const span = interval * MINUTE;
      const current = interval === 1 ? candles.at(-1) : merged(candles.slice(-interval), span).at(-1);
      if (current)
        caller.say(
          text({ kind: 'ohlc', at, snapshot: false, candles: [current] }).replaceAll(
            '"interval":1,',
            `"interval":${interval},`,
          ),
        );
    }
  };

  const snapshotOf = ({ channel, depth, interval }: Subscription): string | undefined => {
    const at = times.now();
    switch (channel) {
      case 'instrument':
        return text({ kind: 'instrument', at });
      case 'book':
        views.follow(depth);
        return text({ kind: 'book', at: bookAt, snapshot: true, sides: views.whole(depth) });
      case 'trade':
        return text({ kind: 'trades', at, snapshot: true, trades: trades.slice(-SNAPSHOT_TRADES) });
      case 'ohlc': {
        const all = interval === 1 ? candles : merged(candles, interval * MINUTE);
        return text({ kind: 'ohlc', at, snapshot: true, candles: all.slice(-SNAPSHOT_CANDLES) }).replaceAll(
          '"interval":1,',
          `"interval":${interval},`,
        );
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
      if (symbol !== undefined && symbol !== SYMBOL) {
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
      const subscription: Subscription = { channel, depth: depth as number, interval: interval as number };
      const key = `${channel} ${depth} ${interval}`;
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
      if (channel === 'book') views.follow(depth as number);
      if (first !== undefined) client.caller.say(first);
    }
  };

  const take = (emission: KrakenEmission): void => {
    switch (emission.kind) {
      case 'book':
        views.apply(emission.sides, emission.snapshot);
        bookAt = emission.at;
        tellBook(emission.at);
        return;
      case 'trades':
        trades.push(...emission.trades);
        if (trades.length > 2 * KEPT_TRADES) trades.splice(0, trades.length - KEPT_TRADES);
        if (emission.snapshot) return;
        for (const [{ caller }] of subscribers('trade')) caller.say(text(emission));
        return;
      case 'ohlc':
        if (emission.snapshot) return;
        for (const candle of emission.candles) {
          if (candles.at(-1)?.openAt === candle.openAt) candles[candles.length - 1] = candle;
          else candles.push(candle);
        }
        tellCandle(emission.at);
        return;
      default:
        return;
    }
  };

  return {
    // Matching stands still unless online: what the market would have done happens when it is back.
    market: (emission) => {
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
    state: () => {
      const { bids, asks } = views.whole(10);
      const pairs = (levels: typeof bids) => levels.map(({ ticks, lots }) => [ticks, lots] as const);
      return {
        bids: pairs(bids),
        asks: pairs(asks),
        firstTradeId: trades[0]?.tradeId,
        lastTradeId: trades.at(-1)?.tradeId,
      };
    },
  };
}
