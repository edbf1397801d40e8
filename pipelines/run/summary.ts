import type { ConnectionFrame } from '../../src/domain/frame.ts';
import type { Count } from '../../src/domain/money.ts';
import type { Venue } from '../../src/domain/venues.ts';
import type { Audit } from '../graph.ts';

/** What a live connection went through. All zero on a replay of tapes that hold no such frames. */
export interface ConnectionTotals {
  opened: number;
  closed: number;
  resyncs: number;
  shed: number;
  /** What the venue refused, in its own words, each once. */
  readonly refused: string[];
  /** The venue's clock minus ours, in milliseconds, as last measured; undefined if never. */
  clockOffsetMs: number | undefined;
}

/** Running totals of a lane, in the words of the summary that every lane ends with. */
export interface Totals {
  rejectedFrames: number;
  /** Prices and candles that came after their bar had closed: counted, and without effect on it. */
  lateEvents: number;
  readonly kraken: {
    bookMessages: number;
    checksumsPassed: number;
    checksumsFailed: number;
    trades: number;
    tradeGaps: number;
  };
  readonly kalshi: {
    /** Deltas applied; one for a market without a live book is ignored. */
    deltas: number;
    sequenceGaps: number;
    /** Deltas after which the best bid was at or above the best ask: seen in passing while a maker moves his quotes. */
    crossed: number;
    negativeLevels: number;
    tickerComparisons: number;
    tickerWithinCent: number;
    tickerExact: number;
  };
  readonly coinbase: { trades: number };
  readonly connections: Readonly<Record<Venue, ConnectionTotals>>;
  /** Holes that were found and filled. */
  recovered: number;
  forecasts: number;
  readonly decisions: { approved: number; abstained: number; readonly byCheck: Record<string, number> };
  orders: number;
  fills: number;
  /** Contracts that paid out on a position of ours, and all whose result became known. */
  settled: number;
  outcomes: number;
  pnlDollars: number;
  feesDollars: number;
  cashDollars: number | undefined;
  /** Contracts with a position and no result yet. */
  readonly unsettled: string[];
  /** Feeds that the configuration wants and that some session did not carry. */
  readonly feedsLacking: string[];
  /** The first reasons for which frames were rejected, each once. */
  readonly rejectedReasons: Record<string, number>;
}

const MOST_REASONS = 20;

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
export function summariser(): { readonly add: (event: Audit) => void; readonly read: () => Totals } {
  const positions = new Map<string, number>();
  const totals: Totals = {
    rejectedFrames: 0,
    lateEvents: 0,
    kraken: { bookMessages: 0, checksumsPassed: 0, checksumsFailed: 0, trades: 0, tradeGaps: 0 },
    kalshi: {
      deltas: 0,
      sequenceGaps: 0,
      crossed: 0,
      negativeLevels: 0,
      tickerComparisons: 0,
      tickerWithinCent: 0,
      tickerExact: 0,
    },
    coinbase: { trades: 0 },
    connections: { kraken: unconnected(), coinbase: unconnected(), kalshi: unconnected() },
    recovered: 0,
    forecasts: 0,
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
  const { kraken, kalshi, decisions } = totals;
  const move = (ticker: string, change: Count | number): void => {
    positions.set(ticker, (positions.get(ticker) ?? 0) + change);
  };

  const add = (event: Audit): void => {
    switch (event.kind) {
      case 'contractBook':
        if (event.delta) {
          kalshi.deltas++;
          if (event.book.crossed) kalshi.crossed++;
        }
        return;
      case 'spotTrade':
        if (event.venue === 'coinbase') totals.coinbase.trades++;
        else kraken.trades++;
        return;
      case 'krakenBookChecked':
        kraken.bookMessages++;
        if (event.verdict === 'passed') kraken.checksumsPassed++;
        if (event.verdict === 'failed') kraken.checksumsFailed++;
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
        if (event.cause === 'tradeId') kraken.tradeGaps++;
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
      case 'forecast':
        totals.forecasts++;
        return;
      case 'decision':
        decisions[event.verdict]++;
        for (const check of event.failing) decisions.byCheck[check] = (decisions.byCheck[check] ?? 0) + 1;
        return;
      case 'orderSent':
        totals.orders++;
        return;
      case 'fill':
        totals.fills++;
        move(event.ticker, event.side === 'bid' ? event.count : -event.count);
        return;
      case 'settlement':
        totals.outcomes++;
        if (positions.get(event.ticker)) totals.settled++;
        positions.delete(event.ticker);
        return;
      case 'account':
        totals.pnlDollars = event.realisedDollars;
        totals.feesDollars = event.feesDollars;
        totals.cashDollars = event.cashDollars;
        return;
      case 'feedLacking':
        totals.feedsLacking.push(event.feed);
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
