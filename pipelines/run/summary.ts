import type { Asset } from '../../src/domain/asset.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { ConnectionFrame } from '../../src/domain/frame.ts';
import { type Count, DOLLAR_TICKS } from '../../src/domain/money.ts';
import { isSpotVenue, perSpotVenue, perVenue, type SpotVenue, type Venue } from '../../src/domain/venues.ts';
import { assetOf } from '../../src/venues/asset-of.ts';

/** Events of the live connections. All zero on a replay of tapes that hold no such frames. */
export interface ConnectionTotals {
  opened: number;
  closed: number;
  resyncs: number;
  shed: number;
  /** The venue's refusals in its own words, each once. */
  readonly refused: string[];
  /** The venue's clock minus ours, in milliseconds, as last measured; undefined if never. */
  clockOffsetMs: number | undefined;
}

/** Totals of one asset's market. */
export interface AssetTotals {
  /** Published decisions, approved and abstained together. */
  decisions: number;
  approved: number;
  forecasts: number;
  orders: number;
  fills: number;
  /** Contracts that settled while we held a position. */
  settled: number;
  /** Realised profit or loss of settled contracts. */
  pnlDollars: number;
}

/**
 * Counts of one spot venue. For a venue without a book and without trade ids to compare, all but the trades
 * are zero.
 */
export interface SpotTotals {
  bookMessages: number;
  checksumsPassed: number;
  checksumsFailed: number;
  trades: number;
  tradeGaps: number;
}

/** Running totals of a lane, under the names of its summary. */
export interface Totals extends Readonly<Record<SpotVenue, SpotTotals>> {
  rejectedFrames: number;
  /**
   * Prices and candles that arrived after their bar had closed. They are counted, but do not change the bar.
   */
  lateEvents: number;
  readonly kalshi: {
    /** Deltas applied; a delta for a market without a live book is ignored. */
    deltas: number;
    sequenceGaps: number;
    /**
     * Deltas after which the best bid was at or above the best ask. This happens briefly while a maker moves
     * his quotes.
     */
    crossed: number;
    negativeLevels: number;
    tickerComparisons: number;
    tickerWithinCent: number;
    tickerExact: number;
  };
  readonly connections: Readonly<Record<Venue, ConnectionTotals>>;
  /** Holes that were found and filled. */
  recovered: number;
  forecasts: number;
  /** Totals by asset; `decisions` and the fields after it are sums over all assets. */
  readonly assets: Readonly<Record<string, AssetTotals>>;
  readonly decisions: { approved: number; abstained: number; readonly byCheck: Record<string, number> };
  orders: number;
  fills: number;
  /** Contracts that settled while we held a position, and all contracts whose result became known. */
  settled: number;
  outcomes: number;
  pnlDollars: number;
  feesDollars: number;
  cashDollars: number | undefined;
  /** Contracts that we hold and that have no result yet. */
  readonly unsettled: string[];
  /** Feeds that the configuration requires and that were missing in some session. */
  readonly feedsLacking: string[];
  /** The first reasons why frames were rejected, each once. */
  readonly rejectedReasons: Record<string, number>;
}

const MOST_REASONS = 20;

const zeroes = (): SpotTotals => ({
  bookMessages: 0,
  checksumsPassed: 0,
  checksumsFailed: 0,
  trades: 0,
  tradeGaps: 0,
});

const unconnected = (): ConnectionTotals => ({
  opened: 0,
  closed: 0,
  resyncs: 0,
  shed: 0,
  refused: [],
  clockOffsetMs: undefined,
});

const onConnection = (totals: ConnectionTotals, { change, detail }: ConnectionFrame): void => {
  switch (change) {
    case 'opened':
    case 'closed':
    case 'shed':
      totals[change]++;
      return;
    case 'resyncing':
      totals.resyncs++;
      return;
    case 'refused':
      if (totals.refused.length < MOST_REASONS && !totals.refused.includes(detail))
        totals.refused.push(detail);
      return;
    case 'live':
      return;
  }
};

/** Keeps a lane's totals: call with every audit event; `read` at any time. */
export function summariser(assets: readonly Asset[]): {
  readonly add: (event: AuditEvent) => void;
  readonly read: () => Totals;
} {
  const positions = new Map<string, number>();
  const of = assetOf(assets);
  const byAsset: Record<string, AssetTotals> = Object.fromEntries(
    assets.map(({ name }) => [
      name,
      { decisions: 0, approved: 0, forecasts: 0, orders: 0, fills: 0, settled: 0, pnlDollars: 0 },
    ]),
  );
  const totals: Totals = {
    rejectedFrames: 0,
    lateEvents: 0,
    ...perSpotVenue(zeroes),
    kalshi: {
      deltas: 0,
      sequenceGaps: 0,
      crossed: 0,
      negativeLevels: 0,
      tickerComparisons: 0,
      tickerWithinCent: 0,
      tickerExact: 0,
    },
    connections: perVenue(unconnected),
    recovered: 0,
    forecasts: 0,
    assets: byAsset,
    decisions: { approved: 0, abstained: 0, byCheck: {} },
    orders: 0,
    fills: 0,
    settled: 0,
    outcomes: 0,
    pnlDollars: 0,
    feesDollars: 0,
    cashDollars: undefined,
    unsettled: [],
    feedsLacking: [],
    rejectedReasons: {},
  };
  const { kalshi, decisions } = totals;
  const move = (ticker: string, change: Count | number): void => {
    positions.set(ticker, (positions.get(ticker) ?? 0) + change);
  };

  const add = (event: AuditEvent): void => {
    switch (event.kind) {
      case 'contractBook':
        if (event.change.kind === 'delta') {
          kalshi.deltas++;
          if (event.top.crossed) kalshi.crossed++;
        }
        return;
      case 'spotTrade':
        totals[event.venue].trades++;
        return;
      case 'krakenBookChecked':
        totals[event.venue].bookMessages++;
        if (event.verdict === 'passed') totals[event.venue].checksumsPassed++;
        if (event.verdict === 'failed') totals[event.venue].checksumsFailed++;
        return;
      case 'tickerComparison':
        kalshi.tickerComparisons++;
        if (event.withinCent) kalshi.tickerWithinCent++;
        if (event.exact) kalshi.tickerExact++;
        return;
      case 'rejected': {
        totals.rejectedFrames++;
        const why = `${event.venue}: ${event.why}`;
        if (why in totals.rejectedReasons || Object.keys(totals.rejectedReasons).length < MOST_REASONS)
          totals.rejectedReasons[why] = (totals.rejectedReasons[why] ?? 0) + 1;
        return;
      }
      case 'gap':
        if (event.cause === 'tradeId' && isSpotVenue(event.venue)) totals[event.venue].tradeGaps++;
        if (event.cause === 'sequence') kalshi.sequenceGaps++;
        if (event.cause === 'negativeLevel') kalshi.negativeLevels++;
        return;
      case 'connection':
        onConnection(totals.connections[event.venue], event);
        return;
      case 'clock':
        totals.connections[event.venue].clockOffsetMs = event.offsetMicros / 1000;
        return;
      case 'recovered':
        totals.recovered++;
        return;
      case 'late':
        totals.lateEvents++;
        return;
      case 'forecast': {
        totals.forecasts++;
        const own = byAsset[event.asset];
        if (own) own.forecasts++;
        return;
      }
      case 'decision': {
        decisions[event.verdict]++;
        const own = byAsset[of.ticker(event.ticker)];
        if (own) {
          own.decisions++;
          if (event.verdict === 'approved') own.approved++;
        }
        for (const check of event.failing) decisions.byCheck[check] = (decisions.byCheck[check] ?? 0) + 1;
        return;
      }
      case 'orderSent': {
        totals.orders++;
        const own = byAsset[of.ticker(event.order.ticker)];
        if (own) own.orders++;
        return;
      }
      case 'fill': {
        totals.fills++;
        const own = byAsset[of.ticker(event.ticker)];
        if (own) own.fills++;
        move(event.ticker, event.side === 'bid' ? event.count : -event.count);
        return;
      }
      case 'settlement': {
        totals.outcomes++;
        const held = positions.get(event.ticker);
        if (held) totals.settled++;
        const own = byAsset[of.ticker(event.ticker)];
        if (own) {
          if (held) own.settled++;
          own.pnlDollars += event.pnl / DOLLAR_TICKS;
        }
        positions.delete(event.ticker);
        return;
      }
      case 'account':
        totals.pnlDollars = event.realisedDollars;
        totals.feesDollars = event.feesDollars;
        totals.cashDollars = event.cashDollars;
        return;
      case 'feedLacking':
        totals.feedsLacking.push(assets.length > 1 ? `${event.asset} ${event.feed}` : event.feed);
        return;
      default:
        return;
    }
  };
  return {
    add,
    read: () => ({
      ...totals,
      unsettled: [...positions]
        .filter(([, held]) => held !== 0)
        .map(([ticker]) => ticker)
        .sort(),
    }),
  };
}
