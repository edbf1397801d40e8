import type { KeyObject } from 'node:crypto';
import { SECOND } from '../domain/time.ts';
import { unauthorised } from './kalshi-auth.ts';
import { type KalshiClient, kalshiClient } from './kalshi-client.ts';
import type { KalshiEmission } from './kalshi-emission.ts';
import type { KalshiExchange, KalshiSaid } from './kalshi-exchange-port.ts';
import { kalshiMarketRest } from './kalshi-market-rest.ts';
import { kalshiPublic } from './kalshi-public.ts';
import { endpointCosts, rateLimits } from './rate-limits.ts';
import type { EmulatedAnswer, EmulatedTimes, EmulatedVenue } from './venue.ts';

/** The emulated Kalshi, with what a fault may do to it. */
export interface KalshiVenue extends EmulatedVenue<KalshiEmission> {
  /** False is a pause: orders are refused and the status says so. */
  readonly setTrading: (trading: boolean) => void;
  /** Closes a contract now, told by lifecycle; false if there is no such open contract. Without a ticker the one that closes next. */
  readonly closeEarly: (ticker?: string) => boolean;
  /** Books by ticker as price and count pairs, best first, for comparing a client with. */
  readonly state: () => Readonly<
    Record<
      string,
      {
        readonly bids: readonly (readonly [number, number])[];
        readonly asks: readonly (readonly [number, number])[];
      }
    >
  >;
}

/** How the emulated Kalshi is made. */
export interface KalshiVenueOptions {
  readonly times: EmulatedTimes;
  readonly exchange: KalshiExchange;
  /** Registered public keys by key id. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** False lets REST be asked as often as one likes. */
  readonly rateLimited?: boolean;
}

const ROOT = '/trade-api/v2';
const SOCKET = '/trade-api/ws/v2';
/** Rooms that only a signed request may enter; market data is public. */
const SIGNED = new Set(['portfolio', 'account', 'cfbenchmarks']);

/** What only an open market says. */
const TRADING: ReadonlySet<string> = new Set(['delta', 'ticker', 'trade', 'snapshot', 'metadata']);

const answer = (body: unknown, status = 200): EmulatedAnswer => ({
  kind: 'answer',
  status,
  body: JSON.stringify(body),
});
const isEmission = (said: KalshiSaid): said is KalshiEmission =>
  said.kind !== 'fill' &&
  said.kind !== 'userOrder' &&
  said.kind !== 'marketPosition' &&
  said.kind !== 'orderGroup';

/**
 * Kalshi's WebSocket and REST for the three BTC series (docs.kalshi.com), signed where the exchange wants it, with the rate limits of the Basic tier and the
 * bodies recorded in June and September 2026. Members' orders are the exchange's (`KalshiExchange`).
 */
export function kalshiVenue({ times, exchange, keys, rateLimited = true }: KalshiVenueOptions): KalshiVenue {
  const state = kalshiPublic();
  const clients = new Set<KalshiClient>();
  const limits = rateLimits(times.wallMillis);
  const closedEarly = new Set<string>();
  let trading = true;
  const markets = kalshiMarketRest({ times, state, trading: () => trading });

  const say = (said: KalshiSaid): void => {
    if (isEmission(said)) state.hear(said);
    for (const client of clients) client.tell(said);
  };
  const spread = (act: (out: KalshiSaid[]) => EmulatedAnswer | undefined): EmulatedAnswer | undefined => {
    const out: KalshiSaid[] = [];
    const result = act(out);
    for (const said of out) say(said);
    return result;
  };
  const account = (path: string): EmulatedAnswer | undefined => {
    if (path === '/account/limits') return answer(limits.described());
    if (path === '/account/endpoint_costs') return answer(endpointCosts());
    return undefined;
  };

  return {
    market: (emission) => {
      // What one subscriber's simulation says to its subscriber is no news to the public.
      if (emission.kind === 'subscribed' || emission.kind === 'ok') return;
      // Makers know nothing of an early close: what they still do there does not happen.
      if ('contract' in emission && closedEarly.has(emission.contract.ticker) && TRADING.has(emission.kind))
        return;
      for (const said of exchange.market(emission)) say(said);
    },
    tick: () => {
      spread((out) => {
        exchange.tick(out);
        return undefined;
      });
    },
    upgrade: (request, caller) => {
      const [bare] = request.path.split('?', 1);
      if (bare !== SOCKET) return { kind: 'answer', status: 404, body: 'not found' };
      const refusal = unauthorised(request, keys, times.wallMillis());
      if (refusal) return refusal;
      const client = kalshiClient(caller, state, times);
      clients.add(client);
      return {
        kind: 'peer',
        hear: client.hear,
        left: () => {
          clients.delete(client);
        },
      };
    },
    http: (request) => {
      if (!request.path.startsWith(`${ROOT}/`))
        return { kind: 'answer', status: 404, body: '404 page not found' };
      const path = request.path.slice(ROOT.length);
      const room = path.split(/[/?]/)[1] ?? '';
      const isSigned = request.headers['kalshi-access-key'] !== undefined;
      if (SIGNED.has(room) || isSigned) {
        const refusal = unauthorised(request, keys, times.wallMillis());
        if (refusal) return refusal;
      }
      if (rateLimited && !limits.take(request)) return answer({ error: 'too many requests' }, 429);
      return (
        account(path.split('?', 1)[0] ?? '') ??
        spread((out) => exchange.http(request, out)) ??
        markets(request, path) ??
        answer({ error: { code: 'not_found', message: 'not found' } }, 404)
      );
    },
    setTrading: (next) => {
      trading = next;
      exchange.setTrading(next);
    },
    closeEarly: (ticker) => {
      const now = times.now();
      const open = state
        .markets()
        .filter(({ contract, started }) => started && contract.closeAt > now)
        .sort((a, b) => a.contract.closeAt - b.contract.closeAt);
      const market = ticker === undefined ? open[0] : open.find(({ contract }) => contract.ticker === ticker);
      if (!market) return false;
      // Lifecycle tells whole seconds.
      const contract = { ...market.contract, closeAt: Math.floor(now / SECOND) * SECOND };
      closedEarly.add(contract.ticker);
      for (const emission of [
        { kind: 'closeMoved', at: now, contract },
        { kind: 'snapshot', at: now, contract, bids: [], asks: [] },
      ] as const)
        for (const said of exchange.market(emission)) say(said);
      return true;
    },
    state: () =>
      Object.fromEntries(
        state.markets().map(({ contract: { ticker }, bids, asks }) => [
          ticker,
          {
            bids: [...bids].sort(([a], [b]) => b - a),
            asks: [...asks].sort(([a], [b]) => a - b),
          },
        ]),
      ),
  };
}
