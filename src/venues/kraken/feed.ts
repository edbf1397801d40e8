import { type Observable, Observable as Stream, Subscription } from 'rxjs';
import type { ConnectionFrame } from '../../domain/frame.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import type { Micros } from '../../domain/time.ts';
import { every } from '../../operators/after.ts';
import { backOff } from '../../transport/back-off.ts';
import type { Dial } from '../../transport/dial.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { Backfill, Feed, FeedCommand, FeedFrame } from '../../transport/feed.ts';
import type { Http } from '../../transport/http.ts';
import { type LinkEvent, link } from '../../transport/link.ts';
import { backfillTrades } from './backfill.ts';
import {
  type ChannelEvent,
  channelStep,
  idleChannel,
  KRAKEN_CHANNELS,
  type KrakenChannel,
} from './channels.ts';
import { frameLabel, type KrakenReply } from './frame-label.ts';
import { krakenRest } from './rest.ts';
import type { KrakenSettings } from './settings.ts';

/** What Kraken's feed is made of. */
export interface KrakenPorts {
  readonly dial: Dial;
  readonly http: Http;
  /** Runs timers. */
  readonly clock: EdgeClock;
  /** Stamps frames. */
  readonly stamp: () => Micros;
  readonly random: () => number;
}

/** No frame of any kind for so long, heartbeats included, means a dead socket (Kraken's own advice: exchange/guides/websockets/reconnection). */
const SILENCE_MS = 5_000;
/** The constants of Kraken's own command line client: two fast tries, then 5 to 30 s; Cloudflare bans beyond 150 attempts in ten minutes. */
const BACK_OFF = backOff({
  fastTries: 2,
  fastMs: 1_000,
  baseMs: 4_000,
  factor: 2,
  leastMs: 5_000,
  mostMs: 30_000,
  jitterMs: 750,
  stableMs: 30_000,
  budget: { attempts: 120, spanMs: 600_000 },
});
const CHECK_MS = 1_000;
const PING_MS = 20_000;
/** Legitimate silences of the book were seen up to 5.1 s; with trades flowing it is frozen well before this. */
const FROZEN_BOOK_MS = 10_000;
const FROZEN_BOOK_TRADES = 5;
/** Every trade moves the candle of its minute. */
const FROZEN_OHLC_MS = 120_000;
const FROZEN_OHLC_TRADES = 20;
/** A book that breaks so often in a minute is not mended by asking for it again. */
const RESYNCS_A_MINUTE = 3;

/** Since when a channel is silent, and trades seen meanwhile. */
interface Silence {
  sinceMs: number;
  trades: number;
}

/**
 * Kraken's public WebSocket v2 as a feed: instrument, book, trades and one-minute candles of one pair, each through its own state machine. Watches for a dead
 * socket, for a subscription that was granted and says nothing, and for a book that stands still while trades flow; `status` other than online
 * suspends the latter. Resyncs channel by channel and fetches missed trades by REST.
 */
export function krakenFeed(ports: KrakenPorts, settings: KrakenSettings): Feed {
  const { dial, clock, stamp, random } = ports;
  const { symbol, wsUrl, bookDepth } = settings;

  return (command$: Observable<FeedCommand>) =>
    new Stream<FeedFrame>((to) => {
      const rest = krakenRest({ ...ports, restUrl: settings.restUrl });
      const running = new Subscription();
      const channels = new Map(KRAKEN_CHANNELS.map((channel) => [channel, idleChannel]));
      const pings = new Map<number, Micros>();
      const resyncedAt: number[] = [];
      const requested = new Map<number, KrakenChannel>();
      let socket: Extract<LinkEvent, { kind: 'opened' }> | undefined;
      let requests = 0;
      let online = true;
      let live = false;
      let pingedMs = 0;
      const book: Silence = { sinceMs: 0, trades: 0 };
      const ohlc: Silence = { sinceMs: 0, trades: 0 };

      const tell = (change: ConnectionFrame['change'], detail: string): void =>
        to.next({ kind: 'connection', at: stamp(), venue: 'kraken', change, detail });
      const ask = (method: string, params?: Readonly<Record<string, unknown>>): number => {
        requests++;
        socket?.send(JSON.stringify({ method, ...(params && { params }), req_id: requests }));
        return requests;
      };
      const paramsOf = (channel: KrakenChannel): Readonly<Record<string, unknown>> => ({
        channel,
        ...(channel !== 'instrument' && { symbol: [symbol] }),
        ...(channel === 'book' && { depth: bookDepth }),
        ...(channel === 'ohlc' && { interval: 1 }),
        snapshot: true,
      });
      const awake = (silence: Silence): void => {
        silence.sinceMs = clock.now();
        silence.trades = 0;
      };

      const act = (channel: KrakenChannel, event: ChannelEvent): void => {
        const { state, action } = channelStep(channels.get(channel) ?? idleChannel, event, clock.now());
        channels.set(channel, state);
        if (action === 'subscribe' || action === 'unsubscribe')
          requested.set(ask(action, paramsOf(channel)), channel);
        if (action === 'reconnect') socket?.close(`${channel}: no answer to two subscriptions`);
        if (event.kind === 'snapshot' && state.phase === 'live') {
          if (channel === 'book') awake(book);
          if (channel === 'ohlc') awake(ohlc);
        }
        const nowLive = [...channels.values()].every(({ phase }) => phase === 'live');
        if (nowLive && !live) tell('live', `${symbol} ${KRAKEN_CHANNELS.join(', ')}`);
        live = nowLive;
      };
      const resync = (channel: KrakenChannel, why: string): void => {
        if (channels.get(channel)?.phase !== 'live') return;
        tell('resyncing', `${channel}: ${why}`);
        act(channel, { kind: 'resync' });
        if (channel !== 'book') return;
        const now = clock.now();
        resyncedAt.push(now);
        while ((resyncedAt[0] ?? now) <= now - 60_000) resyncedAt.shift();
        if (resyncedAt.length > RESYNCS_A_MINUTE)
          socket?.close(`the book broke ${resyncedAt.length} times in a minute`);
      };

      const onReply = (reply: KrakenReply): void => {
        const { method, req_id: id, error, success } = reply;
        const channel =
          (id === undefined ? undefined : requested.get(id)) ??
          KRAKEN_CHANNELS.find((name) => name === reply.result?.channel);
        if (id !== undefined) requested.delete(id);
        const accepted = error === undefined && success !== false;
        if (method === 'pong') {
          onPong(reply);
        } else if (channel !== undefined && method === 'unsubscribe') {
          act(channel, { kind: 'unsubscribed' });
        } else if (channel !== undefined && (accepted || error === 'Already subscribed')) {
          act(channel, { kind: 'subscribed', accepted: true });
        } else if (!accepted) {
          tell('refused', `${channel ?? method ?? 'request'}: ${error ?? 'no reason given'}`);
          if (channel !== undefined) act(channel, { kind: 'subscribed', accepted: false });
        }
      };
      /** RFC 5905 §8: half the difference of the ways there and back. */
      const onPong = ({ req_id: id, time_in: arrived, time_out: left }: KrakenReply): void => {
        const sentAt = id === undefined ? undefined : pings.get(id);
        const inAt = arrived === undefined ? undefined : rfc3339Micros(arrived);
        const outAt = left === undefined ? undefined : rfc3339Micros(left);
        if (id !== undefined) pings.delete(id);
        if (sentAt === undefined || inAt === undefined || outAt === undefined) return;
        const at = stamp();
        to.next({
          kind: 'clock',
          at,
          venue: 'kraken',
          offsetMicros: Math.round((inAt - sentAt + (outAt - at)) / 2),
          roundTripMicros: at - sentAt - (outAt - inAt),
        });
      };
      const onText = (text: string): void => {
        const label = frameLabel(text);
        const snapshotOf =
          label.kind === 'data' && label.snapshot
            ? KRAKEN_CHANNELS.find((name) => name === label.channel)
            : undefined;
        // Live before the graph reads it: a snapshot that turns out broken is asked for anew at once.
        if (snapshotOf) act(snapshotOf, { kind: 'snapshot' });
        to.next({ kind: 'wire', at: stamp(), venue: 'kraken', text });
        switch (label.kind) {
          case 'data': {
            const channel = KRAKEN_CHANNELS.find((name) => name === label.channel);
            if (channel === 'book') awake(book);
            if (channel === 'ohlc') awake(ohlc);
            if (channel === 'trade' && !label.snapshot) {
              book.trades++;
              ohlc.trades++;
            }
            return;
          }
          case 'reply':
            onReply(label.reply);
            return;
          case 'status':
            online = label.system === 'online';
            awake(book);
            awake(ohlc);
            return;
          case 'other':
            return;
        }
      };
      const onLink = (event: LinkEvent): void => {
        switch (event.kind) {
          case 'opened':
            socket = event;
            pingedMs = clock.now();
            tell('opened', '');
            for (const channel of KRAKEN_CHANNELS) act(channel, { kind: 'open' });
            return;
          case 'text':
            onText(event.text);
            return;
          case 'closed':
            socket = undefined;
            live = false;
            online = true;
            pings.clear();
            requested.clear();
            resyncedAt.length = 0;
            for (const channel of KRAKEN_CHANNELS) channels.set(channel, idleChannel);
            tell(
              'closed',
              `${event.detail}${event.status === undefined ? '' : ` (HTTP ${event.status})`}; again in ${(event.retryInMs / 1000).toFixed(1)} s`,
            );
            return;
        }
      };
      const frozen = (silence: Silence, spanMs: number, trades: number): boolean =>
        online && silence.trades >= trades && clock.now() - silence.sinceMs >= spanMs;
      const onCheck = (): void => {
        if (!socket) return;
        for (const channel of KRAKEN_CHANNELS) act(channel, { kind: 'time' });
        if (frozen(book, FROZEN_BOOK_MS, FROZEN_BOOK_TRADES)) {
          resync('book', `frozen for ${FROZEN_BOOK_MS / 1000} s while trades flow`);
          awake(book);
        }
        if (frozen(ohlc, FROZEN_OHLC_MS, FROZEN_OHLC_TRADES)) {
          resync('ohlc', `frozen for ${FROZEN_OHLC_MS / 1000} s while trades flow`);
          awake(ohlc);
        }
        if (clock.now() - pingedMs >= PING_MS) {
          pingedMs = clock.now();
          pings.clear();
          const sentAt = stamp();
          pings.set(ask('ping'), sentAt);
        }
      };
      const backfill = (wanted: Backfill): void => {
        running.add(
          backfillTrades(rest, wanted).subscribe((answer) => {
            if (answer.kind === 'page')
              to.next({
                kind: 'rest',
                at: stamp(),
                venue: 'kraken',
                resource: answer.resource,
                text: answer.text,
              });
            else tell('refused', answer.why);
          }),
        );
      };

      running.add(
        command$.subscribe((command) => {
          if (command.venue !== 'kraken') return;
          if (command.kind === 'backfill') backfill(command);
          else if (command.cause === 'shed')
            for (const channel of ['book', 'trade', 'ohlc'] as const) resync(channel, 'frames were dropped');
          else resync('book', command.cause);
        }),
      );
      running.add(every(CHECK_MS, clock).subscribe(onCheck));
      running.add(
        link({
          dial,
          request: () => ({ url: wsUrl, headers: {} }),
          clock,
          silenceMs: SILENCE_MS,
          backOff: BACK_OFF,
          random,
        }).subscribe(onLink),
      );
      return running;
    });
}
