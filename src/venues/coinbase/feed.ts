import { Observable } from 'rxjs';
import type { ConnectionFrame } from '../../domain/frame.ts';
import { backOff } from '../../transport/back-off.ts';
import type { Feed, FeedFrame } from '../../transport/feed.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { link } from '../../transport/link.ts';
import type { SpotPorts } from '../../transport/spot-adapter.ts';
import { decodeCoinbase } from './codec.ts';
import type { CoinbaseSettings } from './settings.ts';

/** The heartbeat channel sends once a second. */
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
 * Coinbase's trades (`matches`) of all `products` over one socket as a feed. Its heartbeat shows that the
 * socket is alive. Public, no key (docs.cdp.coinbase.com/exchange/websocket-feed). The feed is live once the
 * trades of all products are granted. Trades missed in a disconnect are not fetched, since the feed only
 * serves the twin.
 */
export function coinbaseFeed(
  ports: Pick<SpotPorts, 'dial' | 'clock' | 'stamp' | 'random'>,
  { wsUrl }: CoinbaseSettings,
  products: readonly string[],
): Feed {
  const { dial, clock, stamp, random } = ports;
  return () =>
    new Observable<FeedFrame>((to) => {
      const waiting = new Set<string>();
      const report = (change: ConnectionFrame['change'], detail: string): void =>
        to.next({ kind: 'connection', at: stamp(), venue: 'coinbase', change, detail });
      const onText = (text: string): void => {
        const at = stamp();
        const json = text.startsWith(MATCH) ? undefined : jsonOf(text);
        to.next({ kind: 'wire', at, venue: 'coinbase', text, ...(json !== undefined && { json }) });
        if (json === undefined) return;
        for (const event of decodeCoinbase(text, at, json)) {
          if (event.kind !== 'acknowledgement') continue;
          if (!event.accepted) report('refused', event.detail ?? 'no reason given');
          else if (event.channel === 'matches' && event.symbol !== undefined) {
            // The venue sends the whole list again with every change of it.
            if (waiting.delete(event.symbol) && waiting.size === 0) report('live', products.join(', '));
          }
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
            report('opened', '');
            for (const product of products) waiting.add(product);
            event.send(
              JSON.stringify({
                type: 'subscribe',
                product_ids: products,
                channels: ['matches', 'heartbeat'],
              }),
            );
            return;
          case 'text':
            onText(event.text);
            return;
          case 'closed':
            report('closed', `${event.detail}; again in ${(event.retryInMs / 1000).toFixed(1)} s`);
            return;
        }
      });
    });
}
