import { z } from 'zod';
import type { Asset } from '../../domain/asset.ts';
import { rfc3339Micros } from '../../domain/rfc3339.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import { assetsBySeries } from './assets-by-series.ts';
import { seriesOf } from './complete-contract.ts';

/** When a market opens and closes. Subscriptions need nothing else. */
interface Listed {
  readonly event: string | undefined;
  readonly openAt: Micros;
  readonly closeAt: Micros;
  readonly ended: boolean;
}

/** The known markets, and those that should be subscribed now. */
export interface MarketDirectory {
  /** Reads a body of `GET /markets`. */
  readonly list: (json: unknown) => void;
  /** Reads the `msg` of a lifecycle frame. */
  readonly lifecycle: (msg: unknown) => void;
  /** Tickers that should be subscribed at `now`, nearest close first. */
  readonly wanted: (now: Micros) => readonly string[];
  /** Tickers of the events of those markets. */
  readonly events: (now: Micros) => readonly string[];
  /** The first close after `now`, undefined if none is known. */
  readonly nextClose: (now: Micros) => Micros | undefined;
}

/**
 * How long a closed market stays subscribed. Its book is emptied within seconds, and its end comes on another
 * channel.
 */
const LINGER = 30 * SECOND;
/** How long after its close a market is forgotten. */
const FORGET = 30 * MINUTE;

const market = z.object({
  ticker: z.string(),
  event_ticker: z.string().optional(),
  open_time: z.string(),
  close_time: z.string(),
  status: z.string().optional(),
});
const marketsBody = z.object({ markets: z.array(z.unknown()) });
const lifecycleMsg = z.object({
  market_ticker: z.string(),
  event_type: z.string(),
  open_ts: z.number().optional(),
  close_ts: z.number().optional(),
  additional_metadata: z.object({ event_ticker: z.string().optional() }).optional(),
});
const ENDED = new Set(['determined', 'disputed', 'amended', 'finalized', 'settled']);

/**
 * Keeps the markets of the assets' series, from listings and lifecycle frames. It ignores entries that it
 * cannot read; the graph reports those.
 */
export function marketDirectory({
  assets,
  subscribeAheadMicros,
}: {
  readonly assets: readonly Asset[];
  readonly subscribeAheadMicros: Micros;
}): MarketDirectory {
  const followed = assetsBySeries(assets);
  const markets = new Map<string, Listed>();

  const isWanted = ({ openAt, closeAt, ended }: Listed, now: Micros): boolean =>
    !ended && openAt <= now && closeAt > now - LINGER && closeAt <= now + subscribeAheadMicros;
  const wantedEntries = (now: Micros): readonly (readonly [string, Listed])[] =>
    [...markets]
      .filter(([, listed]) => isWanted(listed, now))
      .sort(([a, { closeAt: first }], [b, { closeAt: second }]) => first - second || (a < b ? -1 : 1));

  return {
    list: (json) => {
      for (const entry of marketsBody.safeParse(json).data?.markets ?? []) {
        const { data } = market.safeParse(entry);
        if (!data || !followed.has(seriesOf(data.ticker))) continue;
        const openAt = rfc3339Micros(data.open_time);
        const closeAt = rfc3339Micros(data.close_time);
        if (openAt === undefined || closeAt === undefined) continue;
        const ended = markets.get(data.ticker)?.ended === true || ENDED.has(data.status ?? '');
        markets.set(data.ticker, { event: data.event_ticker, openAt, closeAt, ended });
      }
    },
    lifecycle: (msg) => {
      const { data } = lifecycleMsg.safeParse(msg);
      if (!data || !followed.has(seriesOf(data.market_ticker))) return;
      const before = markets.get(data.market_ticker);
      const openAt = data.open_ts === undefined ? before?.openAt : data.open_ts * SECOND;
      const closeAt = data.close_ts === undefined ? before?.closeAt : data.close_ts * SECOND;
      if (openAt === undefined || closeAt === undefined) return;
      markets.set(data.market_ticker, {
        event: data.additional_metadata?.event_ticker ?? before?.event,
        openAt,
        closeAt,
        ended: before?.ended === true || ENDED.has(data.event_type),
      });
    },
    wanted: (now) => {
      for (const [ticker, { closeAt }] of markets) if (closeAt < now - FORGET) markets.delete(ticker);
      return wantedEntries(now).map(([ticker]) => ticker);
    },
    events: (now) => [...new Set(wantedEntries(now).flatMap(([, { event }]) => event ?? []))],
    nextClose: (now) =>
      [...markets.values()].reduce<Micros | undefined>(
        (first, { closeAt }) =>
          closeAt > now && closeAt < (first ?? Number.POSITIVE_INFINITY) ? closeAt : first,
        undefined,
      ),
  };
}
