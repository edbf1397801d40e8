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

/** Most markets that are known at once; all series of an asset list some hundreds. */
const MOST_MARKETS = 4_096;
/** Most markets that are subscribed at once, nearest close first. */
const MOST_WANTED = 1_024;

/** How Kalshi spells the tickers of markets and events. Another is not asked for. */
const ticker = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/);
const market = z.object({
  ticker,
  event_ticker: ticker.optional().catch(undefined),
  open_time: z.string(),
  close_time: z.string(),
  status: z.string().optional(),
});
const marketsBody = z.object({ markets: z.array(z.unknown()) });
const lifecycleMsg = z.object({
  market_ticker: ticker,
  event_type: z.string(),
  open_ts: z.number().optional(),
  close_ts: z.number().optional(),
  additional_metadata: z.object({ event_ticker: ticker.optional().catch(undefined) }).optional(),
});
const ENDED = new Set(['determined', 'disputed', 'amended', 'finalized', 'settled']);

/**
 * Keeps the markets of the assets' series, from listings and lifecycle frames, bounded in number. It ignores
 * entries that it cannot read; the graph reports those.
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

  /** A market beyond the bound is not kept. */
  const keep = (ticker: string, listed: Listed): void => {
    if (markets.has(ticker) || markets.size < MOST_MARKETS) markets.set(ticker, listed);
  };
  const isWanted = ({ openAt, closeAt, ended }: Listed, now: Micros): boolean =>
    !ended && openAt <= now && closeAt > now - LINGER && closeAt <= now + subscribeAheadMicros;
  const wantedEntries = (now: Micros): readonly (readonly [string, Listed])[] =>
    [...markets]
      .filter(([, listed]) => isWanted(listed, now))
      .sort(([a, { closeAt: first }], [b, { closeAt: second }]) => first - second || (a < b ? -1 : 1))
      .slice(0, MOST_WANTED);

  return {
    list: (json) => {
      for (const entry of marketsBody.safeParse(json).data?.markets ?? []) {
        const { data } = market.safeParse(entry);
        if (!data || !followed.has(seriesOf(data.ticker))) continue;
        const openAt = rfc3339Micros(data.open_time);
        const closeAt = rfc3339Micros(data.close_time);
        if (openAt === undefined || closeAt === undefined) continue;
        const ended = markets.get(data.ticker)?.ended === true || ENDED.has(data.status ?? '');
        keep(data.ticker, { event: data.event_ticker, openAt, closeAt, ended });
      }
    },
    lifecycle: (msg) => {
      const { data } = lifecycleMsg.safeParse(msg);
      if (!data || !followed.has(seriesOf(data.market_ticker))) return;
      const before = markets.get(data.market_ticker);
      const openAt = data.open_ts === undefined ? before?.openAt : data.open_ts * SECOND;
      const closeAt = data.close_ts === undefined ? before?.closeAt : data.close_ts * SECOND;
      if (openAt === undefined || closeAt === undefined) return;
      keep(data.market_ticker, {
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
