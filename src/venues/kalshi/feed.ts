import { Observable, Subscription } from 'rxjs';
import type { Asset } from '../../domain/asset.ts';
import type { ConnectionFrame } from '../../domain/frame.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import { after, every } from '../../operators/after.ts';
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

/** What Kalshi's feed needs. */
export interface KalshiPorts {
  readonly dial: Dial;
  readonly rest: KalshiRest;
  readonly signer: KalshiSigner;
  /** Runs timers. */
  readonly clock: EdgeClock;
  /** Gives the time that frames are stamped with. It also decides which contracts are open. */
  readonly stamp: () => Micros;
  readonly random: () => number;
  /** Subscribes to fills and orders of our own account too. */
  readonly ownChannels?: boolean;
  /**
   * How often rollovers and deadlines are checked, in milliseconds. Shorter where emulated time runs faster
   * than the clock.
   */
  readonly tickMs?: number;
}

/**
 * A print comes each second, so a socket that was silent for so long is dead. Pings of the server do not
 * count: the WebSocket library answers them, and they do not show that data flows.
 */
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
/** REST is asked first, but holds the socket back no longer than this. */
const DIAL_AFTER_MS = 2_000;
const SNAPSHOT_MS = 10_000;
const STATUS_MS = 30_000;
const DISCOVERY_MS = 300_000;
const DISCOVERY_AGAIN_MS = 10_000;
/** A new contract is listed within seconds of the close of the one before it. */
const AFTER_CLOSE = 3 * SECOND;

/**
 * Kalshi's WebSocket as a feed: one signed connection for lifecycle, indices, books, tickers and trades of
 * every contract of the assets' series that closes soon. Contracts are discovered by REST before dialling
 * (which waits for it no longer than two seconds),
 * after each reconnect, after each close and every few minutes, and by lifecycle frames in between.
 * Subscriptions follow them by the clock of `stamp`. After a hole in a sid's sequence one `get_snapshot` asks
 * for all its books (docs.kalshi.com/websockets). If another hole comes before the answer, or no answer
 * comes, the feed reconnects.
 */
export function kalshiFeed(ports: KalshiPorts, settings: KalshiSettings, assets: readonly Asset[]): Feed {
  const { dial, rest, signer, clock, stamp, random, ownChannels = false, tickMs = TICK_MS } = ports;
  const { useYesPrice, subscribeAheadMicros } = settings;
  const { wsUrl } = kalshiHosts(settings);
  const path = new URL(wsUrl).pathname;

  return (command$) =>
    new Observable<FeedFrame>((to) => {
      const running = new Subscription();
      const directory = marketDirectory({ assets, subscribeAheadMicros });
      const discovery = { rest, directory, assets, subscribeAheadMicros, stamp, signed: true };
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
      /**
       * Set while a discovery is under way or has failed: true if it was of everything, false if of markets
       * only.
       */
      let owing: boolean | undefined;

      const report = (change: ConnectionFrame['change'], detail: string): void =>
        to.next({ kind: 'connection', at: stamp(), venue: 'kalshi', change, detail });
      const receive = (answer: KalshiAnswer): void => {
        if (answer.kind === 'ok')
          to.next({
            kind: 'rest',
            at: stamp(),
            venue: 'kalshi',
            resource: answer.resource,
            text: answer.text,
          });
        else report('refused', answer.why);
      };
      const discover = (all: boolean, then: () => void = () => {}): void => {
        discovering.unsubscribe();
        discoveredMs = clock.now();
        // A listing of markets that interrupts a discovery of everything does not replace it.
        const everything = all || owing === true;
        owing = everything;
        let whole = true;
        discovering = (everything ? discoverAll(discovery) : discoverMarkets(discovery)).subscribe({
          next: (answer) => {
            if (answer.kind !== 'ok') whole = false;
            receive(answer);
          },
          complete: () => {
            // A discovery that failed is repeated soon and as a whole, since everything else may wait for it.
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
        if (nowLive && !live) report('live', `${books.size} books`);
        live = nowLive;
      };
      const resync = ({ cause, scope }: Resync): void => {
        if (!socket || !subs) return;
        const named = /^sid (\d+)$/.exec(scope);
        if (named && Number(named[1]) !== subs.bookSid()) {
          // Missed trades and prints cannot be fetched again, but contracts can.
          report('resyncing', `${scope}: ${cause}; markets are listed again`);
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
        report('resyncing', `${asked.length} books after ${cause} of ${scope}`);
        subs.snapshots(asked);
      };

      const onText = (text: string): void => {
        const { label, json } = kalshiLabel(text);
        to.next({ kind: 'wire', at: stamp(), venue: 'kalshi', text, ...(json !== undefined && { json }) });
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
            report(
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
              { useYesPrice, indexIds: assets.map(({ indexId }) => indexId), ownChannels },
            );
            report('opened', '');
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
            if (event.status !== undefined) report('refused', why);
            report('closed', `${why}; again in ${(event.retryInMs / 1000).toFixed(1)} s`);
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
          running.add(rest.get('/exchange/status').subscribe(receive));
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
      let dialled = false;
      const open = (): void => {
        if (dialled) return;
        dialled = true;
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
      };
      discover(true, open);
      running.add(after(DIAL_AFTER_MS, clock).subscribe(open));
      return running;
    });
}
