import type { MinuteBar } from '../../domain/bars.ts';
import { FILL_LIMIT_MINUTES } from '../../domain/fill-limit.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import type { KrakenTradeRow } from './rest-wire.ts';

/** The state between two pages: plain data, so that a download can be resumed. */
export interface BarsState {
  /** Minutes before this are finished. */
  readonly minute: Micros;
  readonly bar: MinuteBar | undefined;
  /** Close of the last finished minute. An empty minute is flat at this price. */
  readonly close: number | undefined;
  /** Id of the last known trade. Pages overlap, so trades up to it are skipped. */
  readonly lastId: number;
  /** Trades that the pages left out, by the holes in their ids. */
  readonly missingTrades: number;
}

/** The state before the first trade at or after `from`. */
export const noBars = (from: Micros): BarsState => ({
  minute: Math.floor(from / MINUTE) * MINUTE,
  bar: undefined,
  close: undefined,
  lastId: 0,
  missingTrades: 0,
});

const flat = (openAt: Micros, close: number, flag: 0 | 2): MinuteBar => ({
  openAt,
  open: close,
  high: close,
  low: close,
  close,
  volume: 0,
  flag,
});

/** Rounds a volume to eight decimals, since it is a sum of such numbers. */
const eight = (volume: number): number => Math.round(volume * 1e8) / 1e8;

/**
 * Finishes the minutes that end by `until`. Empty ones are flat at the close before them, up to thirty in a
 * row; a longer run is an outage and has no bars. There are none before the first trade. `missed` means that
 * trades of these minutes are missing, so that nobody knows whether an empty one was.
 */
export function barsUntil(
  state: BarsState,
  until: Micros,
  missed = false,
): { readonly bars: readonly MinuteBar[]; readonly state: BarsState } {
  const bars: MinuteBar[] = [];
  let { minute, bar, close } = state;
  const empty = Math.floor((until - minute) / MINUTE) - (bar ? 1 : 0);
  for (; minute + MINUTE <= until; minute += MINUTE) {
    if (bar) bars.push(bar);
    else if (close !== undefined && empty <= FILL_LIMIT_MINUTES)
      bars.push(flat(minute, close, missed ? 2 : 0));
    close = bar?.close ?? close;
    bar = undefined;
  }
  return { bars, state: { ...state, minute, bar, close } };
}

/**
 * Adds a page of trades, oldest first, and gives the minutes that it finishes. Trades that are already known,
 * or that lie before the current minute, are skipped. Ids run without holes, so a hole is trades that no page
 * gave (a page ends at a nanosecond, and more trades than fit on it may have that nanosecond): the bars on
 * both sides of it have flag 1.
 */
export function addTrades(
  state: BarsState,
  rows: readonly KrakenTradeRow[],
): { readonly bars: readonly MinuteBar[]; readonly state: BarsState } {
  const done: MinuteBar[] = [];
  let now = state;
  for (const [priceText, volumeText, seconds, , , , tradeId] of rows) {
    if (tradeId <= now.lastId) continue;
    const minute = Math.floor((seconds * SECOND) / MINUTE) * MINUTE;
    const missing = now.lastId === 0 ? 0 : tradeId - now.lastId - 1;
    now = { ...now, lastId: tradeId, missingTrades: now.missingTrades + missing };
    if (missing > 0 && now.bar) now = { ...now, bar: { ...now.bar, flag: 1 } };
    if (minute < now.minute) continue;
    if (minute > now.minute) {
      const finished = barsUntil(now, minute, missing > 0);
      done.push(...finished.bars);
      now = finished.state;
    }
    const price = Number(priceText);
    const volume = Number(volumeText);
    const { bar } = now;
    now = {
      ...now,
      bar: bar
        ? {
            ...bar,
            high: Math.max(bar.high, price),
            low: Math.min(bar.low, price),
            close: price,
            volume: eight(bar.volume + volume),
          }
        : {
            openAt: minute,
            open: price,
            high: price,
            low: price,
            close: price,
            volume,
            flag: missing > 0 ? 1 : 0,
          },
    };
  }
  return { bars: done, state: now };
}
