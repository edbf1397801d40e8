import { Observable } from 'rxjs';
import type { ConnectionFrame } from '../../domain/frame.ts';
import type { Micros } from '../../domain/time.ts';
import { backOff } from '../../transport/back-off.ts';
import type { Dial } from '../../transport/dial.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { Feed, FeedFrame } from '../../transport/feed.ts';
import { link } from '../../transport/link.ts';
import { decodeCoinbase } from './codec.ts';
import type { CoinbaseSettings } from './settings.ts';

/** What Coinbase's feed is made of. */
export interface CoinbasePorts {
  readonly dial: Dial;
  readonly clock: EdgeClock;
  readonly stamp: () => Micros;
  readonly random: () => number;
}

/** The heartbeat channel speaks once a second. */
const SILENCE_MS = 10_000;
const BACK_OFF = backOff({
  fastTries: 1,
  fastMs: 1_000,
  baseMs: 2_000,
  factor: 2,
  leastMs: 2_000,
  mostMs: 30_000,
  jitterMs: 1_000,
  stableMs: 30_000,
  budget: { attempts: 60, spanMs: 600_000 },
});
const MATCH = '{"type":"match"';

/**
 * Coinbase's matches of one product as a feed, with its heartbeat as the sign of life. Public, no key (docs.cdp.coinbase.com/exchange/websocket-feed).
 * A trade missed in a disconnect is not fetched: the feed only helps the index twin.
 */
export function coinbaseFeed(ports: CoinbasePorts, { product, wsUrl }: CoinbaseSettings): Feed {
  const { dial, clock, stamp, random } = ports;
  return () =>
    new Observable<FeedFrame>((to) => {
      const tell = (change: ConnectionFrame['change'], detail: string): void =>
        to.next({ kind: 'connection', at: stamp(), venue: 'coinbase', change, detail });
      const onText = (text: string): void => {
        const at = stamp();
        to.next({ kind: 'wire', at, venue: 'coinbase', text });
        if (text.startsWith(MATCH)) return;
        for (const event of decodeCoinbase(text, at)) {
          if (event.kind !== 'acknowledgement') continue;
          if (!event.accepted) tell('refused', event.detail ?? 'no reason given');
          else if (event.channel === 'matches') tell('live', product);
        }
      };
      return link({
        dial,
        request: () => ({ url: wsUrl, headers: {} }),
        clock,
        silenceMs: SILENCE_MS,
        backOff: BACK_OFF,
        random,
      }).subscribe((event) => {
        switch (event.kind) {
          case 'opened':
            tell('opened', '');
            event.send(
              JSON.stringify({
                type: 'subscribe',
                product_ids: [product],
                channels: ['matches', 'heartbeat'],
              }),
            );
            return;
          case 'text':
            onText(event.text);
            return;
          case 'closed':
            tell('closed', `${event.detail}; again in ${(event.retryInMs / 1000).toFixed(1)} s`);
            return;
        }
      });
    });
}
