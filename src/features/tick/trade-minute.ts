import type { SpotTrade } from '../../domain/events/venue.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';

/** Trades of one minute. All readings are NaN unless the feed of trades was up for the whole minute. */
export interface TradeMinute {
  readonly trade: (trade: SpotTrade, now: Micros) => void;
  readonly void: () => void;
  readonly begin: (at: Micros) => void;
  readonly perSecond: () => number;
  /**
   * Volume of buying takers less that of selling takers, in base units; NaN if a trade lacks its quantity or
   * its taker.
   */
  readonly signedVolume: () => number;
}

/**
 * Counts trades as they are received. The feed is up from the first trade after a hole, even a replayed one,
 * since a subscription begins with replayed trades. Replayed trades are not new volume.
 */
export function tradeMinute(): TradeMinute {
  const state = { startAt: Number.NaN, upAt: Number.NaN, trades: 0, signed: 0.5 };
  const known = (value: number): number => (state.upAt <= state.startAt ? value : Number.NaN);
  return {
    trade: ({ quantity = Number.NaN, taker, replayed }, now) => {
      if (Number.isNaN(state.upAt)) state.upAt = now;
      if (replayed) return;
      state.trades += 1;
      state.signed += taker === 'buy' ? quantity : taker === 'sell' ? -quantity : Number.NaN;
    },
    void: () => {
      state.upAt = Number.NaN;
    },
    begin: (at) => {
      state.startAt = at;
      state.trades = 0;
      state.signed = 0;
    },
    perSecond: () => known(state.trades / (MINUTE / SECOND)),
    signedVolume: () => known(state.signed),
  };
}
