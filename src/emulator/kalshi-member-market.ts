import type { Micros } from '../domain/time.ts';
import type { EmulatedContract } from './kalshi-contract.ts';
import type { KalshiEmission, KalshiLevel } from './kalshi-emission.ts';
import type { KalshiSaid } from './kalshi-exchange-port.ts';
import { type KalshiOverlay, kalshiOverlay } from './kalshi-overlay.ts';

type Side = 'bid' | 'ask';
type Ticker = Extract<KalshiEmission, { kind: 'ticker' }>;

/** One market with the member in it, and what the public hears of him. */
export interface MemberMarket {
  readonly contract: () => EmulatedContract;
  readonly overlay: KalshiOverlay;
  /** False until its book was opened. */
  readonly started: () => boolean;
  readonly open: () => void;
  /** Takes new terms: a strike, a moved close. */
  readonly rename: (contract: EmulatedContract) => void;
  readonly delta: (side: Side, ticks: number, change: number, out: KalshiSaid[]) => void;
  /** A trade with the member on one side. */
  readonly trade: (tradeId: string, taker: Side, level: KalshiLevel, out: KalshiSaid[]) => void;
  /** A trade among the makers, of which `count` was still there to take. */
  readonly makersTrade: (
    emission: Extract<KalshiEmission, { kind: 'trade' }>,
    count: number,
    out: KalshiSaid[],
  ) => void;
  /** The makers' ticker, with the member's orders and volume in it. */
  readonly makersTicker: (emission: Ticker, out: KalshiSaid[]) => void;
  /** The ticker anew, after the member changed what it shows. */
  readonly ticker: (out: KalshiSaid[]) => void;
}

/** Opens a market without a book. `now` stamps what the member causes. */
export function memberMarket(first: EmulatedContract, now: () => Micros): MemberMarket {
  const overlay = kalshiOverlay();
  let contract = first;
  let started = false;
  /** True once a member did anything here: until then what the makers say is passed on as it is. */
  let touched = false;
  let makers: Ticker | undefined;
  let last: KalshiLevel | undefined;
  /** Both sides of the member's trades, which the makers' tickers do not count. */
  let extraVolume = 0;

  const ticker = (out: KalshiSaid[]): void => {
    const bids = overlay.shown('bid');
    out.push({
      kind: 'ticker',
      at: now(),
      contract,
      last: last ?? makers?.last ?? { ticks: 0, count: 0 },
      bid: bids[bids.length - 1],
      ask: overlay.shown('ask')[0],
      volume: (makers?.volume ?? 0) + extraVolume,
      openInterest: makers?.openInterest ?? 0,
    });
  };
  return {
    contract: () => contract,
    overlay,
    started: () => started,
    open: () => {
      started = true;
    },
    rename: (next) => {
      contract = next;
    },
    delta: (side, ticks, change, out) => {
      if (change !== 0) out.push({ kind: 'delta', at: now(), contract, side, ticks, change });
    },
    trade: (tradeId, taker, { ticks, count }, out) => {
      touched = true;
      extraVolume += 2 * count;
      last = { ticks, count };
      out.push({ kind: 'trade', at: now(), contract, tradeId, taker, ticks, count });
    },
    makersTrade: (emission, count, out) => {
      if (count <= 0) return;
      last = { ticks: emission.ticks, count };
      out.push(count === emission.count ? emission : { ...emission, count });
    },
    makersTicker: (emission, out) => {
      makers = emission;
      if (touched) ticker(out);
      else out.push(emission);
    },
    ticker: (out) => {
      touched = true;
      ticker(out);
    },
  };
}
