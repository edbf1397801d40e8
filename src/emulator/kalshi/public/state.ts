import type { Micros } from '../../../domain/time.ts';
import type { EmulatedContract } from './contract.ts';
import type { KalshiEmission, KalshiLevel } from './emission.ts';

/** A trade as REST lists it. */
export type PublicTrade = Extract<KalshiEmission, { kind: 'trade' }>;

/** The public state of one market. */
export interface PublicMarket {
  readonly contract: EmulatedContract;
  readonly bids: ReadonlyMap<number, number>;
  readonly asks: ReadonlyMap<number, number>;
  readonly ticker: Extract<KalshiEmission, { kind: 'ticker' }> | undefined;
  /** True once its book is open. */
  readonly started: boolean;
  readonly result: 'yes' | 'no' | undefined;
  readonly valueUnits: number | undefined;
  readonly settledAt: Micros | undefined;
  /** True while trading in it is paused. */
  readonly paused: boolean;
  /** How far a dispute of its determination has come, if there is one. */
  readonly review: 'disputed' | 'amended' | undefined;
}

/** The public state of the venue. */
export interface KalshiPublic {
  readonly hear: (emission: KalshiEmission) => void;
  readonly market: (ticker: string) => PublicMarket | undefined;
  readonly markets: () => readonly PublicMarket[];
  /** Newest last. */
  readonly trades: () => readonly PublicTrade[];
  readonly snapshot: (
    ticker: string,
    at: Micros,
  ) => Extract<KalshiEmission, { kind: 'snapshot' }> | undefined;
}

type Mutable = { -readonly [K in keyof PublicMarket]: PublicMarket[K] } & {
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
};

const KEPT_TRADES = 10_000;
/** Ended markets are listed for a while; then they move to the historical partition. */
const KEPT_MARKETS = 2_000;

const levelsOf = (side: ReadonlyMap<number, number>): readonly KalshiLevel[] =>
  [...side].map(([ticks, count]) => ({ ticks, count })).sort((a, b) => a.ticks - b.ticks);

/** Builds the public state from the emissions alone. */
export function kalshiPublic(): KalshiPublic {
  const markets = new Map<string, Mutable>();
  const trades: PublicTrade[] = [];

  const of = (contract: EmulatedContract): Mutable => {
    const known = markets.get(contract.ticker);
    if (known) return known;
    const market: Mutable = {
      contract,
      bids: new Map(),
      asks: new Map(),
      ticker: undefined,
      started: false,
      result: undefined,
      valueUnits: undefined,
      settledAt: undefined,
      paused: false,
      review: undefined,
    };
    markets.set(contract.ticker, market);
    if (markets.size > KEPT_MARKETS) {
      const [oldest] = markets.keys();
      if (oldest !== undefined) markets.delete(oldest);
    }
    return market;
  };
  const load = (side: Map<number, number>, levels: readonly KalshiLevel[]): void => {
    side.clear();
    for (const { ticks, count } of levels) side.set(ticks, count);
  };

  return {
    hear: (emission) => {
      switch (emission.kind) {
        case 'created':
          of(emission.contract);
          return;
        case 'metadata':
        case 'closeMoved':
          of(emission.contract).contract = emission.contract;
          return;
        case 'snapshot': {
          const market = of(emission.contract);
          market.started = true;
          load(market.bids, emission.bids);
          load(market.asks, emission.asks);
          return;
        }
        case 'delta': {
          const side = of(emission.contract)[emission.side === 'bid' ? 'bids' : 'asks'];
          const after = (side.get(emission.ticks) ?? 0) + emission.change;
          if (after > 0) side.set(emission.ticks, after);
          else side.delete(emission.ticks);
          return;
        }
        case 'ticker':
          of(emission.contract).ticker = emission;
          return;
        case 'trade':
          trades.push(emission);
          if (trades.length > 2 * KEPT_TRADES) trades.splice(0, trades.length - KEPT_TRADES);
          return;
        case 'determined': {
          const market = of(emission.contract);
          market.result = emission.result;
          market.valueUnits = emission.valueUnits;
          if (emission.amended) market.review = 'amended';
          return;
        }
        case 'disputed':
          of(emission.contract).review = 'disputed';
          return;
        case 'halted':
          of(emission.contract).paused = emission.paused;
          return;
        case 'settled':
          of(emission.contract).settledAt = emission.at;
          return;
        default:
          return;
      }
    },
    market: (ticker) => markets.get(ticker),
    markets: () => [...markets.values()],
    trades: () => trades,
    snapshot: (ticker, at) => {
      const market = markets.get(ticker);
      return (
        market && {
          kind: 'snapshot',
          at,
          contract: market.contract,
          bids: levelsOf(market.bids),
          asks: levelsOf(market.asks),
        }
      );
    },
  };
}
