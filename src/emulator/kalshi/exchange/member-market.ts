import type { Micros } from '../../../domain/time.ts';
import type { EmulatedContract } from '../public/contract.ts';
import type { KalshiEmission, KalshiLevel } from '../public/emission.ts';
import { type KalshiOverlay, kalshiOverlay } from './overlay.ts';
import type { KalshiOutput } from './port.ts';

type Side = 'bid' | 'ask';
type Ticker = Extract<KalshiEmission, { kind: 'ticker' }>;

/** One market with the member's orders in it, and the public outputs they cause. */
export interface MemberMarket {
  readonly contract: () => EmulatedContract;
  readonly overlay: KalshiOverlay;
  /** True once its book is open. */
  readonly started: () => boolean;
  readonly open: () => void;
  /** Takes new terms, such as a strike or a moved close. */
  readonly rename: (contract: EmulatedContract) => void;
  readonly delta: (side: Side, ticks: number, change: number, out: KalshiOutput[]) => void;
  /** A trade with the member on one side. */
  readonly trade: (tradeId: string, taker: Side, level: KalshiLevel, out: KalshiOutput[]) => void;
  /** A trade among the makers, of which `count` was still available. */
  readonly makersTrade: (
    emission: Extract<KalshiEmission, { kind: 'trade' }>,
    count: number,
    out: KalshiOutput[],
  ) => void;
  /** The makers' ticker, with the member's orders and volume added. */
  readonly makersTicker: (emission: Ticker, out: KalshiOutput[]) => void;
  /** Publishes the ticker again, after the member changed what it shows. */
  readonly ticker: (out: KalshiOutput[]) => void;
}

/** Opens a market without a book. `now` is the time of outputs that the member causes. */
export function memberMarket(first: EmulatedContract, now: () => Micros): MemberMarket {
  const overlay = kalshiOverlay();
  let contract = first;
  let started = false;
  /** True after the member's first action here. Until then the makers' emissions are passed on unchanged. */
  let touched = false;
  let makers: Ticker | undefined;
  let last: KalshiLevel | undefined;
  /** Volume of both sides of the member's trades, which the makers' tickers do not count. */
  let extraVolume = 0;

  const ticker = (out: KalshiOutput[]): void => {
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
