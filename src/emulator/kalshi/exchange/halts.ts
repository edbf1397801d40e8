import { MINUTE, type Micros } from '../../../domain/time.ts';
import type { KalshiStatus } from '../public/exchange-rest.ts';
import { weeklyPauseEnd } from './weekly-pause.ts';

/** What is paused: markets, trading, or the exchange. */
export interface KalshiHalts {
  /** Whether nothing matches in a market now: orders and amendments are refused. */
  readonly paused: (ticker: string) => boolean;
  readonly status: () => KalshiStatus;
  /** Markets that are paused by themselves. */
  readonly markets: () => readonly string[];
  readonly setTrading: (on: boolean) => void;
  readonly setExchange: (on: boolean) => void;
  readonly setMarket: (ticker: string, on: boolean) => void;
  /**
   * What has changed since the last call: trading that ended, trading that began again, and markets that were
   * paused or taken up again by themselves.
   */
  readonly changes: () => HaltChanges;
}

/** Pauses that began or ended. */
export interface HaltChanges {
  readonly trading: 'paused' | 'resumed' | undefined;
  readonly markets: readonly { readonly ticker: string; readonly paused: boolean }[];
}

const NONE: HaltChanges = { trading: undefined, markets: [] };

/** Pauses by hand, and the weekly one by New York's clock if there is one. All shards pause together. */
export function kalshiHalts(now: () => Micros, weekly: boolean): KalshiHalts {
  const halted = new Set<string>();
  let trading = true;
  let exchange = true;
  /** As of the last call of `changes`. */
  let known = { open: true, halted: new Set<string>() };

  /** The weekly pause changes with the minute, and is asked for with every emission. */
  let minute = -1;
  let pauseEnd: Micros | undefined;

  const weeklyEnd = (): Micros | undefined => {
    const present = Math.floor(now() / MINUTE);
    if (present !== minute) {
      minute = present;
      pauseEnd = weekly ? weeklyPauseEnd(now()) : undefined;
    }
    return pauseEnd;
  };
  const status = (): KalshiStatus => {
    const resumesAt = weeklyEnd();
    return {
      exchangeActive: exchange,
      tradingActive: exchange && trading && resumesAt === undefined,
      resumesAt,
    };
  };
  return {
    paused: (ticker) => halted.has(ticker) || !status().tradingActive,
    status,
    markets: () => [...halted],
    setTrading: (on) => {
      trading = on;
    },
    setExchange: (on) => {
      exchange = on;
    },
    setMarket: (ticker, on) => {
      if (on) halted.delete(ticker);
      else halted.add(ticker);
    },
    changes: () => {
      const open = status().tradingActive;
      if (open === known.open && halted.size === 0 && known.halted.size === 0) return NONE;
      const markets = [
        ...[...halted]
          .filter((ticker) => !known.halted.has(ticker))
          .map((ticker) => ({ ticker, paused: true })),
        ...[...known.halted]
          .filter((ticker) => !halted.has(ticker))
          .map((ticker) => ({ ticker, paused: false })),
      ];
      const was = known.open;
      known = { open, halted: new Set(halted) };
      return { trading: open === was ? undefined : open ? 'resumed' : 'paused', markets };
    },
  };
}
