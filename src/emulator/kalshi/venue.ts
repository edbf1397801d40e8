import type { KeyObject } from 'node:crypto';
import { SECOND } from '../../domain/time.ts';
import { type EmulatedAsset, seriesOf } from '../emulated-asset.ts';
import type { EmulatedAnswer, EmulatedTimes, EmulatedVenue } from '../transport/emulated-venue.ts';
import { endpointCosts, rateLimits } from '../transport/rate-limits.ts';
import { apiKeysBody } from './api-keys.ts';
import { unauthorised } from './auth.ts';
import { type KalshiClient, kalshiClient } from './client.ts';
import type { KalshiExchange, KalshiOutput, KalshiTrouble } from './exchange/port.ts';
import type { KalshiEmission } from './public/emission.ts';
import { kalshiMarketRest } from './public/market-rest.ts';
import { kalshiPublic, type PublicMarket } from './public/state.ts';

/** The emulated Kalshi, and what faults can do to it. */
export interface KalshiVenue extends EmulatedVenue<KalshiEmission> {
  /** Lets something go wrong at the exchange; see `KalshiTrouble`. */
  readonly strike: (trouble: KalshiTrouble) => void;
  /** The open contract that would close next; undefined if none is open. */
  readonly nextToClose: () => string | undefined;
  /**
   * Closes a contract now and publishes it by lifecycle; false if there is no such open contract. Without a
   * ticker, it closes the contract that would close next.
   */
  readonly closeEarly: (ticker?: string) => boolean;
  /** Books by ticker as pairs of price and count, best first, to compare a client's books with. */
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

/** Options of the emulated Kalshi. */
export interface KalshiVenueOptions {
  readonly times: EmulatedTimes;
  readonly exchange: KalshiExchange;
  readonly assets: readonly EmulatedAsset[];
  /** Registered public keys by key id. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** False puts no limit on REST calls. */
  readonly rateLimited?: boolean;
  /** Whether there is a weekly pause, for the schedule; the exchange has its own. */
  readonly weeklyPause?: boolean;
}

const ROOT = '/trade-api/v2';
const SOCKET = '/trade-api/ws/v2';
/** First parts of paths that need a signed request; market data is public. */
const SIGNED = new Set(['portfolio', 'account', 'cfbenchmarks', 'api_keys']);

/** Emissions that only an open market makes. */
const TRADING: ReadonlySet<string> = new Set(['delta', 'ticker', 'trade', 'snapshot', 'metadata']);

const answer = (body: unknown, status = 200): EmulatedAnswer => ({
  kind: 'answer',
  status,
  body: JSON.stringify(body),
});
const isEmission = (output: KalshiOutput): output is KalshiEmission =>
  output.kind !== 'fill' &&
  output.kind !== 'userOrder' &&
  output.kind !== 'marketPosition' &&
  output.kind !== 'orderGroup';

/**
 * Kalshi's WebSocket and REST for the series of its assets (docs.kalshi.com), signed where the exchange
 * requires it, with the rate limits of the Basic tier and the bodies recorded in June and September 2026.
 * Members' orders are the exchange's (`KalshiExchange`).
 */
export function kalshiVenue({
  times,
  exchange,
  assets,
  keys,
  rateLimited = true,
  weeklyPause = true,
}: KalshiVenueOptions): KalshiVenue {
  const state = kalshiPublic();
  const clients = new Set<KalshiClient>();
  const series = seriesOf(assets);
  const limits = rateLimits(times.wallMillis, [0, ...series.map(({ exchangeIndex }) => exchangeIndex)]);
  const closedEarly = new Set<string>();
  const indices = assets.map(({ indexId }) => indexId);
  const { status } = exchange;
  const markets = kalshiMarketRest({ times, state, series, status, weeklyPause });
  let lapsed = false;

  const say = (output: KalshiOutput): void => {
    if (isEmission(output)) state.hear(output);
    for (const client of clients) client.publish(output);
  };
  const spread = (act: (out: KalshiOutput[]) => EmulatedAnswer | undefined): EmulatedAnswer | undefined => {
    const out: KalshiOutput[] = [];
    const result = act(out);
    for (const output of out) say(output);
    return result;
  };
  /** Open markets, the next to close first. */
  const open = (): readonly PublicMarket[] =>
    state
      .markets()
      .filter(({ contract, started }) => started && contract.closeAt > times.now())
      .sort((a, b) => a.contract.closeAt - b.contract.closeAt);
  const account = (path: string): EmulatedAnswer | undefined => {
    if (path === '/account/limits') return answer(limits.described());
    if (path === '/account/endpoint_costs') return answer(endpointCosts());
    return path === '/api_keys'
      ? answer(apiKeysBody([...keys.keys()], times.wallMillis(), lapsed))
      : undefined;
  };

  return {
    market: (emission) => {
      // Emissions to the simulated subscriber itself are not public.
      if (emission.kind === 'subscribed' || emission.kind === 'ok') return;
      // Makers do not know of an early close, so their later actions in that market are dropped.
      if ('contract' in emission && closedEarly.has(emission.contract.ticker) && TRADING.has(emission.kind))
        return;
      for (const output of exchange.market(emission)) say(output);
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
      const client = kalshiClient(caller, state, times, indices);
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
        (request.method === 'GET' ? account(path.split('?', 1)[0] ?? '') : undefined) ??
        spread((out) => exchange.http(request, out)) ??
        markets(request, path) ??
        answer({ error: { code: 'not_found', message: 'not found' } }, 404)
      );
    },
    strike: (trouble) => {
      if (trouble.kind === 'attestationLapse') lapsed = trouble.on;
      exchange.strike(trouble);
    },
    nextToClose: () => open()[0]?.contract.ticker,
    closeEarly: (ticker) => {
      const now = times.now();
      const [market] = open().filter(({ contract }) => ticker === undefined || contract.ticker === ticker);
      if (!market) return false;
      // Lifecycle messages have whole seconds.
      const contract = { ...market.contract, closeAt: Math.floor(now / SECOND) * SECOND };
      closedEarly.add(contract.ticker);
      for (const emission of [
        { kind: 'closeMoved', at: now, contract },
        { kind: 'snapshot', at: now, contract, bids: [], asks: [] },
      ] as const)
        for (const output of exchange.market(emission)) say(output);
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
