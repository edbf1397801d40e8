import { Observable, Subscription } from 'rxjs';
import type { ConnectionFrame } from '../../domain/frame.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import { every } from '../../operators/after.ts';
import { backOff } from '../../transport/back-off.ts';
import type { Dial } from '../../transport/dial.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { Feed, FeedFrame, Resync } from '../../transport/feed.ts';
import { type LinkEvent, link } from '../../transport/link.ts';
import { discoverAll, discoverMarkets } from './discovery.ts';
import { kalshiLabel } from './frame-label.ts';
import { marketDirectory } from './market-directory.ts';
import { readError } from './read-error.ts';
import type { KalshiAnswer, KalshiRest } from './rest.ts';
import { type KalshiSettings, kalshiHosts } from './settings.ts';
import type { KalshiSigner } from './sign.ts';
import { type Subscriptions, subscriptions } from './subscriptions.ts';

/** What Kalshi's feed is made of. */
export interface KalshiPorts {
  readonly dial: Dial;
  readonly rest: KalshiRest;
  readonly signer: KalshiSigner;
  /** Runs timers. */
  readonly clock: EdgeClock;
  /** Stamps frames, and says which contracts are open. */
  readonly stamp: () => Micros;
  readonly random: () => number;
  /** How often rollover and deadlines are looked at; shorter where the market runs faster than the clock. */
  readonly tickMs?: number;
}

/** The index comes each second, so a socket on which nothing came for so long is dead; pings of the server are answered below and are no sign of data. */
const SILENCE_MS = 15_000;
const BACK_OFF = backOff({
  fastTries: 1,
  fastMs: 500,
  baseMs: 1_000,
  factor: 2,
  leastMs: 1_000,
  mostMs: 30_000,
  jitterMs: 1_000,
  stableMs: 30_000,
  budget: { attempts: 60, spanMs: 600_000 },
});
const TICK_MS = 250;
const SNAPSHOT_MS = 10_000;
const STATUS_MS = 30_000;
const DISCOVERY_MS = 300_000;
const DISCOVERY_AGAIN_MS = 10_000;
/** A new contract is listed within seconds of the close of the one before it. */
const AFTER_CLOSE = 3 * SECOND;
const INDEX_ID = 'BRTI';

/**
 * Kalshi's WebSocket as a feed: one signed connection for lifecycle, index, books, tickers and trades of every contract of the configured series that closes
 * soon. Contracts are discovered by REST before dialling, after each reconnect, after each close and every few minutes, and by lifecycle frames
 * between; subscriptions follow them by the clock of `stamp`. A hole in a sid's sequence is mended by one `get_snapshot` over its
 * books (docs.kalshi.com/websockets); another hole while that is awaited, or no answer, reconnects.
 */
export function kalshiFeed(ports: KalshiPorts, settings: KalshiSettings): Feed {
  const { dial, rest, signer, clock, stamp, random, tickMs = TICK_MS } = ports;
  const { wsUrl } = kalshiHosts(settings);
  const path = new URL(wsUrl).pathname;

  return (command$) =>
    new Observable<FeedFrame>((to) => {
      const running = new Subscription();
      const directory = marketDirectory(settings);
      const discovery = { rest, directory, settings, stamp, signed: true };
      const mending = new Set<string>();
      const unseen = new Set<string>();
      let socket: Extract<LinkEvent, { kind: 'opened' }> | undefined;
      let subs: Subscriptions | undefined;
      let ids = 0;
      let live = false;
      let mendingSinceMs = 0;
      let discovering = Subscription.EMPTY;
      let discoveredMs = 0;
      let statusMs = 0;
      let closeAt: Micros | undefined;
      /** Set while part of a discovery is missing, under way or refused: whether it is of everything. */
      let owing: boolean | undefined;

      const tell = (change: ConnectionFrame['change'], detail: string): void =>
        to.next({ kind: 'connection', at: stamp(), venue: 'kalshi', change, detail });
      const hear = (answer: KalshiAnswer): void => {
        if (answer.kind === 'ok')
          to.next({
            kind: 'rest',
            at: stamp(),
            venue: 'kalshi',
            resource: answer.resource,
            text: answer.text,
          });
        else tell('refused', answer.why);
      };
      const discover = (all: boolean, then: () => void = () => {}): void => {
        discovering.unsubscribe();
        discoveredMs = clock.now();
        // A listing of markets does not make up for a discovery of everything that it cuts short.
        const everything = all || owing === true;
        owing = everything;
        let whole = true;
        discovering = (everything ? discoverAll(discovery) : discoverMarkets(discovery)).subscribe({
          next: (answer) => {
            if (answer.kind !== 'ok') whole = false;
            hear(answer);
          },
          complete: () => {
            // What could not be had is asked for again soon, all of it: it may be what everything else waits for.
            owing = whole ? undefined : everything;
            closeAt = directory.nextClose(stamp());
            then();
            sync();
          },
        });
        running.add(discovering);
      };

      const sync = (): void => {
        if (!socket || !subs) return;
        const before = new Set(subs.books());
        subs.sync(directory.wanted(stamp()), clock.now());
        const books = subs.books();
        for (const ticker of books) if (!before.has(ticker)) unseen.add(ticker);
        for (const ticker of before)
          if (!books.has(ticker)) {
            unseen.delete(ticker);
            mending.delete(ticker);
          }
        const nowLive = subs.complete() && unseen.size === 0 && mending.size === 0;
        if (nowLive && !live) tell('live', `${books.size} books`);
        live = nowLive;
      };
      const resync = ({ cause, scope }: Resync): void => {
        if (!socket || !subs) return;
        const named = /^sid (\d+)$/.exec(scope);
        if (named && Number(named[1]) !== subs.bookSid()) {
          // Trades and prints that were missed cannot be had again; contracts can.
          tell('resyncing', `${scope}: ${cause}; markets are listed again`);
          discover(false);
          return;
        }
        if (mending.size > 0 && cause === 'sequence') {
          socket.close('another sequence hole while books were asked for anew');
          return;
        }
        const books = cause === 'negativeLevel' && !named ? [scope] : [...subs.books()];
        const asked = books.filter((ticker) => !mending.has(ticker));
        if (asked.length === 0) return;
        if (mending.size === 0) mendingSinceMs = clock.now();
        for (const ticker of asked) mending.add(ticker);
        live = false;
        tell('resyncing', `${asked.length} books after ${cause} of ${scope}`);
        subs.snapshots(asked);
      };

      const onText = (text: string): void => {
        to.next({ kind: 'wire', at: stamp(), venue: 'kalshi', text });
        const label = kalshiLabel(text);
        switch (label.kind) {
          case 'data':
            return;
          case 'snapshot':
            unseen.delete(label.ticker);
            mending.delete(label.ticker);
            return;
          case 'lifecycle':
            directory.lifecycle(label.msg);
            return;
          case 'subscribed':
            subs?.subscribed(label.channel, label.sid, label.id);
            sync();
            return;
          case 'ok':
            subs?.granted(label.id);
            return;
          case 'error': {
            const found = subs?.refused(label, clock.now());
            if (found?.ended) {
              unseen.clear();
              mending.clear();
            }
            tell(
              'refused',
              `${found?.about ?? 'connection'}: error ${label.code} ${label.text}${label.tickers.length > 0 ? ` (${label.tickers.join(', ')})` : ''}`,
            );
            return;
          }
        }
      };
      const onLink = (event: LinkEvent): void => {
        switch (event.kind) {
          case 'opened': {
            const { send } = event;
            socket = event;
            subs = subscriptions(
              (command) => {
                ids++;
                send(JSON.stringify({ id: ids, ...command }));
                return ids;
              },
              { useYesPrice: settings.useYesPrice, indexId: INDEX_ID },
            );
            tell('opened', '');
            sync();
            return;
          }
          case 'text':
            onText(event.text);
            return;
          case 'closed': {
            socket = undefined;
            subs = undefined;
            live = false;
            unseen.clear();
            mending.clear();
            const why =
              event.status === undefined
                ? event.detail
                : `socket: ${readError(event.status, event.detail).why}`;
            if (event.status !== undefined) tell('refused', why);
            tell('closed', `${why}; again in ${(event.retryInMs / 1000).toFixed(1)} s`);
            if (event.stood) discover(true);
            return;
          }
        }
      };
      const onTick = (): void => {
        const now = clock.now();
        if (mending.size > 0 && now - mendingSinceMs >= SNAPSHOT_MS)
          socket?.close(`${mending.size} books did not come within ${SNAPSHOT_MS / 1000} s`);
        if (now - statusMs >= STATUS_MS) {
          statusMs = now;
          running.add(rest.get('/exchange/status').subscribe(hear));
        }
        const rolled = closeAt !== undefined && stamp() >= closeAt + AFTER_CLOSE;
        const dueMs = owing === undefined ? DISCOVERY_MS : DISCOVERY_AGAIN_MS;
        if (discovering.closed && (rolled || now - discoveredMs >= dueMs)) discover(owing ?? false);
        sync();
      };

      running.add(
        command$.subscribe((command) => {
          if (command.venue === 'kalshi' && command.kind === 'resync') resync(command);
        }),
      );
      statusMs = clock.now();
      discover(true, () => {
        running.add(
          link({
            dial,
            request: () => ({ url: wsUrl, headers: signer.headers('GET', path) }),
            clock,
            silenceMs: SILENCE_MS,
            backOff: BACK_OFF,
            random,
          }).subscribe(onLink),
        );
        running.add(every(tickMs, clock).subscribe(onTick));
      });
      return running;
    });
}
