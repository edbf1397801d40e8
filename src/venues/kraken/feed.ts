import { type Observable, Observable as Stream, Subscription } from 'rxjs';
import type { ConnectionFrame } from '../../domain/frame.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import type { Micros } from '../../domain/time.ts';
import { every } from '../../operators/after.ts';
import { backOff } from '../../transport/back-off.ts';
import type { Backfill, Feed, FeedCommand, FeedFrame } from '../../transport/feed.ts';
import { type LinkEvent, link } from '../../transport/link.ts';
import type { SpotPorts } from '../../transport/spot-adapter.ts';
import { backfillTrades } from './backfill.ts';
import { KRAKEN_CHANNELS, type KrakenChannel } from './channels.ts';
import { frameLabel, type KrakenReply } from './frame-label.ts';
import { frozenWatch, WATCHED, type WatchedChannel } from './frozen.ts';
import { krakenRest } from './rest.ts';
import type { KrakenSettings } from './settings.ts';
import { subscriptions } from './subscriptions.ts';

/**
 * A socket without any frame for so long, even a heartbeat, is dead (Kraken's own advice:
 * exchange/guides/websockets/reconnection).
 */
const SILENCE_MS = 5_000;
/**
 * The constants of Kraken's own command line client: two fast tries, then 5 to 30 s; Cloudflare bans beyond
 * 150 attempts in ten minutes.
 */
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
/** If a book breaks more often than this in a minute, a new snapshot does not help. */
const RESYNCS_A_MINUTE = 3;

const isWatched = (channel: KrakenChannel): channel is WatchedChannel =>
  (WATCHED as readonly string[]).includes(channel);

/**
 * Kraken's public WebSocket v2 as a feed: the instrument channel, and books, trades and one-minute candles of
 * all `symbols` over one socket, with one state machine for each channel of each pair. It notices a dead
 * socket, a subscription that was granted but sends nothing, and a book that stands still while its pair
 * trades; it does not look for the last while `status` is not online. It resyncs one channel of one pair at a
 * time, and fetches missed trades by REST. The feed is live once all channels are. If a pair's book breaks
 * again and again, the socket is dialled anew, which interrupts the other pairs for a moment.
 */
export function krakenFeed(ports: SpotPorts, settings: KrakenSettings, symbols: readonly string[]): Feed {
  const { dial, clock, stamp, random } = ports;
  const { wsUrl, bookDepth } = settings;

  return (command$: Observable<FeedCommand>) =>
    new Stream<FeedFrame>((to) => {
      const rest = krakenRest({ ...ports, restUrl: settings.restUrl });
      const running = new Subscription();
      const pings = new Map<number, Micros>();
      const pairs = new Map(
        symbols.map((symbol) => [
          symbol,
          { watch: frozenWatch(() => clock.now()), resyncedAt: [] as number[] },
        ]),
      );
      let socket: Extract<LinkEvent, { kind: 'opened' }> | undefined;
      let requests = 0;
      let online = true;
      let pingedMs = 0;

      const report = (change: ConnectionFrame['change'], detail: string): void =>
        to.next({ kind: 'connection', at: stamp(), venue: 'kraken', change, detail });
      const ask = (method: string, params?: Readonly<Record<string, unknown>>): number => {
        requests++;
        socket?.send(JSON.stringify({ method, ...(params && { params }), req_id: requests }));
        return requests;
      };
      const subs = subscriptions({
        symbols,
        bookDepth,
        nowMs: () => clock.now(),
        ask,
        giveUp: (why) => socket?.close(why),
        refused: (why) => report('refused', why),
        onLive: () => report('live', `${symbols.join(', ')} ${KRAKEN_CHANNELS.join(', ')}`),
      });
      /** A frame without a symbol concerns every pair. */
      const pairsOf = (symbol: string | undefined) => {
        const pair = symbol === undefined ? undefined : pairs.get(symbol);
        return symbol === undefined ? [...pairs.values()] : pair ? [pair] : [];
      };
      const awake = (channel: WatchedChannel, symbol: string | undefined): void => {
        for (const { watch } of pairsOf(symbol)) watch.awake(channel);
      };
      const resync = (channel: KrakenChannel, symbol: string, why: string): void => {
        const pair = pairs.get(symbol);
        if (!pair || !subs.resync(channel, symbol)) return;
        report('resyncing', `${channel} ${symbol}: ${why}`);
        if (channel !== 'book') return;
        const { resyncedAt } = pair;
        const now = clock.now();
        resyncedAt.push(now);
        while ((resyncedAt[0] ?? now) <= now - 60_000) resyncedAt.shift();
        if (resyncedAt.length > RESYNCS_A_MINUTE)
          socket?.close(`the book of ${symbol} broke ${resyncedAt.length} times in a minute`);
      };

      /** RFC 5905 §8: the offset is half the difference of the two one-way times. */
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
        const { label, json } = frameLabel(text);
        const channel =
          label.kind === 'data' ? KRAKEN_CHANNELS.find((name) => name === label.channel) : undefined;
        // The channel becomes live before the graph reads the snapshot. If the snapshot is broken, a new one
        // is then asked for at once.
        if (label.kind === 'data' && label.snapshot && channel) subs.snapshot(channel, label.symbol);
        to.next({ kind: 'wire', at: stamp(), venue: 'kraken', text, ...(json !== undefined && { json }) });
        switch (label.kind) {
          case 'data':
            if (channel && isWatched(channel)) awake(channel, label.symbol);
            if (channel === 'trade' && !label.snapshot)
              for (const { watch } of pairsOf(label.symbol)) watch.trade();
            return;
          case 'reply':
            if (label.reply.method === 'pong') onPong(label.reply);
            else subs.reply(label.reply);
            return;
          case 'status':
            online = label.system === 'online';
            for (const watched of WATCHED) awake(watched, undefined);
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
            report('opened', '');
            subs.open();
            return;
          case 'text':
            onText(event.text);
            return;
          case 'closed':
            socket = undefined;
            online = true;
            pings.clear();
            subs.closed();
            for (const { resyncedAt } of pairs.values()) resyncedAt.length = 0;
            report(
              'closed',
              `${event.detail}${event.status === undefined ? '' : ` (HTTP ${event.status})`}; again in ${(event.retryInMs / 1000).toFixed(1)} s`,
            );
            return;
        }
      };
      const onCheck = (): void => {
        if (!socket) return;
        subs.time();
        for (const [symbol, { watch }] of pairs)
          for (const channel of WATCHED) {
            const seconds = online ? watch.frozenSeconds(channel) : undefined;
            if (seconds === undefined) continue;
            resync(channel, symbol, `frozen for ${seconds} s while trades flow`);
            watch.awake(channel);
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
            else report('refused', answer.why);
          }),
        );
      };

      running.add(
        command$.subscribe((command) => {
          if (command.venue !== 'kraken') return;
          if (command.kind === 'backfill') backfill(command);
          else if (command.cause === 'shed') {
            for (const symbol of symbols)
              for (const channel of ['book', 'trade', 'ohlc'] as const)
                resync(channel, symbol, 'frames were dropped');
          } else resync('book', command.scope, command.cause);
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
