import type { Asset } from '../../src/domain/asset.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { ContractTop } from '../../src/domain/events/market.ts';
import type { Fill } from '../../src/domain/events/order.ts';
import type { ConnectionFrame } from '../../src/domain/frame.ts';
import { DOLLAR_TICKS, type PriceTicks } from '../../src/domain/money.ts';
import type { Micros } from '../../src/domain/time.ts';
import { isSpotVenue, perSpotVenue, perVenue, type SpotVenue, type Venue } from '../../src/domain/venues.ts';
import { type ForecastScore, forecastRecord } from '../../src/research/forecast-record.ts';
import { type LiveScore, liveScorer } from '../../src/research/score/live-score.ts';
import { type CheckWorth, checksWorth } from '../../src/risk/checks-worth.ts';
import { reasonsOf } from '../../src/risk/reasons-of.ts';
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

/** A position that was open when the run ended. */
export interface OpenPosition {
  readonly ticker: string;
  /** Contracts held: YES positive, NO negative. */
  readonly contracts: number;
  /** When the contract closes, in ISO 8601; undefined where its terms never came. */
  readonly closesAt: string | undefined;
  /**
   * What the position would bring after what it cost, at the price that a sale would get; undefined where
   * nobody bids. Settled pairs of YES and NO count in full.
   */
  readonly markedDollars: number | undefined;
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
  /**
   * `byCheck`: reasons of refused decisions, one for each check that refused; nothing to buy for want of an edge is
   * one reason (`reasonsOf`).
   */
  readonly decisions: { approved: number; abstained: number; readonly byCheck: Record<string, number> };
  /** What each check that refused first cost or saved, by what has settled. */
  readonly checks: readonly CheckWorth[];
  /** Forecasts that have come true, by month and regime. */
  readonly forecastQuality: readonly ForecastScore[];
  /** Model against market on what has settled; null where nothing has. */
  readonly score: LiveScore | null;
  orders: number;
  fills: number;
  /** Contracts that settled while we held a position, and all contracts whose result became known. */
  settled: number;
  outcomes: number;
  pnlDollars: number;
  feesDollars: number;
  cashDollars: number | undefined;
  /** Bundles of contracts that contradicted each other; left out where there were none. */
  bundles?: number;
  /**
   * Prices that others did not support: prints of the index that were held back, how many of those were
   * confirmed later, and how often a spot venue was too far from the others.
   */
  readonly doubts: { printsHeld: number; printsConfirmed: number; spotHeld: number };
  /** What was told of orders, fills and results that cannot be: how many, and the first of them in words. */
  accountDifferences: number;
  readonly differenceReasons: string[];
  /** Contracts that we hold and that have no result yet, with their mark. What they will bring is not in `pnlDollars`. */
  readonly open: readonly OpenPosition[];
  /** Sum of the marks; undefined where one is not known, 0 where nothing is held. */
  readonly markedDollars: number | undefined;
  /** Realised and marked together; undefined where a mark is not known. */
  readonly totalDollars: number | undefined;
  /** Worst profit or loss of all that is held and ordered, over all settlement values. */
  worstDollars: number;
  /** Feeds that the configuration requires and that were missing in some session. */
  readonly feedsLacking: string[];
  /** Histories that were left out in part, since a jump shows that they are of another market. */
  readonly historyDoubted: string[];
  /** The first reasons why frames were rejected, each once. */
  readonly rejectedReasons: Record<string, number>;
}

const MOST_REASONS = 20;
const COUNTS_OF_A_CONTRACT = 100;
/** A YES and a NO of 0.01 contracts are worth a cent together. */
const TICKS_OF_A_PAIR = 100;

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

/** What was bought of one contract, in 0.01 contracts and $0.0001, and its last book. */
interface Held {
  yes: number;
  no: number;
  cash: number;
  bidTicks: PriceTicks | undefined;
  askTicks: PriceTicks | undefined;
}

const openPosition = (
  ticker: string,
  { yes, no, cash, bidTicks, askTicks }: Held,
  closeAt: Micros | undefined,
): OpenPosition => {
  const position = yes - no;
  // A sale of YES meets the bid; a sale of NO meets whoever sells YES, at what is left of a dollar.
  const saleTicks = position > 0 ? bidTicks : askTicks && DOLLAR_TICKS - askTicks;
  const pairs = Math.min(yes, no) * TICKS_OF_A_PAIR;
  return {
    ticker,
    contracts: position / COUNTS_OF_A_CONTRACT,
    closesAt: closeAt === undefined ? undefined : new Date(closeAt / 1000).toISOString(),
    markedDollars:
      saleTicks === undefined
        ? undefined
        : (cash + pairs + (Math.abs(position) * saleTicks) / COUNTS_OF_A_CONTRACT) / DOLLAR_TICKS,
  };
};

/** Keeps a lane's totals: call with every audit event; `read` at any time. */
export function summariser(assets: readonly Asset[]): {
  readonly add: (event: AuditEvent) => void;
  readonly read: () => Totals;
} {
  const held = new Map<string, Held>();
  const closes = new Map<string, Micros>();
  const worth = checksWorth();
  const record = forecastRecord();
  const scorer = liveScorer();
  let score: LiveScore | null = null;
  let checks: readonly CheckWorth[] = [];
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
    checks: [],
    forecastQuality: [],
    score: null,
    orders: 0,
    fills: 0,
    settled: 0,
    outcomes: 0,
    pnlDollars: 0,
    feesDollars: 0,
    cashDollars: undefined,
    doubts: { printsHeld: 0, printsConfirmed: 0, spotHeld: 0 },
    accountDifferences: 0,
    differenceReasons: [],
    open: [],
    markedDollars: 0,
    totalDollars: 0,
    worstDollars: 0,
    feedsLacking: [],
    historyDoubted: [],
    rejectedReasons: {},
  };
  const { kalshi, decisions } = totals;
  const book = ({ ticker, side, count, cash }: Fill): void => {
    const own = held.get(ticker) ?? { yes: 0, no: 0, cash: 0, bidTicks: undefined, askTicks: undefined };
    if (side === 'bid') own.yes += count;
    else own.no += count;
    own.cash += cash;
    held.set(ticker, own);
  };
  const quoted = (
    own: Held | undefined,
    { bidTicks, askTicks }: Pick<ContractTop, 'bidTicks' | 'askTicks'>,
  ): void => {
    if (!own) return;
    own.bidTicks = bidTicks;
    own.askTicks = askTicks;
  };

  const add = (event: AuditEvent): void => {
    switch (event.kind) {
      case 'contractBook':
        if (event.change.kind === 'delta') {
          kalshi.deltas++;
          if (event.top.crossed) kalshi.crossed++;
        }
        if (held.size > 0 && event.top.live) quoted(held.get(event.ticker), event.top);
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
        if (event.cause === 'history' && totals.historyDoubted.length < MOST_REASONS)
          totals.historyDoubted.push(event.detail);
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
      case 'featureRow':
        record.row(event);
        return;
      case 'forecast': {
        record.forecast(event);
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
        quoted(held.get(event.ticker), event);
        worth.decided(event);
        scorer.decided(event, closes.get(event.ticker));
        for (const check of reasonsOf(event)) decisions.byCheck[check] = (decisions.byCheck[check] ?? 0) + 1;
        return;
      }
      case 'contract':
        closes.set(event.contract.ticker, event.contract.closeAt);
        return;
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
        book(event);
        return;
      }
      case 'settlement': {
        totals.outcomes++;
        const own = held.get(event.ticker);
        const position = own ? own.yes - own.no : 0;
        if (position !== 0) totals.settled++;
        const asset = byAsset[of.ticker(event.ticker)];
        if (asset) {
          if (position !== 0) asset.settled++;
          asset.pnlDollars += event.pnl / DOLLAR_TICKS;
        }
        held.delete(event.ticker);
        scorer.settled(event.ticker, event.result);
        worth.settled(event.ticker, event.result, closes.get(event.ticker), event.at);
        return;
      }
      case 'account':
        totals.pnlDollars = event.realisedDollars;
        totals.feesDollars = event.feesDollars;
        totals.cashDollars = event.cashDollars;
        totals.worstDollars = event.worstDollars;
        return;
      case 'bundle':
        if (event.state === 'found') totals.bundles = (totals.bundles ?? 0) + 1;
        return;
      case 'priceDoubt': {
        const { doubts } = totals;
        if (event.source !== 'index') {
          if (event.state === 'held') doubts.spotHeld++;
        } else if (event.state === 'held') doubts.printsHeld++;
        else if (event.state === 'confirmed') doubts.printsConfirmed++;
        return;
      }
      case 'difference':
        totals.accountDifferences++;
        if (totals.differenceReasons.length < MOST_REASONS) totals.differenceReasons.push(event.why);
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
    read: () => {
      const open = [...held]
        .filter(([, { yes, no }]) => yes !== no)
        .map(([ticker, own]) => openPosition(ticker, own, closes.get(ticker)))
        .sort((a, b) => (a.ticker < b.ticker ? -1 : 1));
      const markedDollars = open.reduce<number | undefined>(
        (sum, { markedDollars: marked }) =>
          sum === undefined || marked === undefined ? undefined : sum + marked,
        0,
      );
      checks = worth.read() ?? checks;
      score = scorer.read() ?? score;
      return {
        ...totals,
        checks,
        forecastQuality: record.read(),
        score,
        open,
        markedDollars,
        totalDollars: markedDollars === undefined ? undefined : totals.pnlDollars + markedDollars,
      };
    },
  };
}
