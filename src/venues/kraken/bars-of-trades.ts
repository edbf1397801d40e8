import type { MinuteBar } from '../../domain/bars.ts';
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
}

/** The state before the first trade at or after `from`. */
export const noBars = (from: Micros): BarsState => ({
  minute: Math.floor(from / MINUTE) * MINUTE,
  bar: undefined,
  close: undefined,
  lastId: 0,
});

const flat = (openAt: Micros, close: number): MinuteBar => ({
  openAt,
  open: close,
  high: close,
  low: close,
  close,
  volume: 0,
  flag: 0,
});

/** Rounds a volume to eight decimals, since it is a sum of such numbers. */
const eight = (volume: number): number => Math.round(volume * 1e8) / 1e8;

/**
 * Finishes the minutes that end by `until`. Empty ones are flat at the close before them; there are none
 * before the first trade.
 */
export function barsUntil(
  state: BarsState,
  until: Micros,
): { readonly bars: readonly MinuteBar[]; readonly state: BarsState } {
  const bars: MinuteBar[] = [];
  let { minute, bar, close } = state;
  for (; minute + MINUTE <= until; minute += MINUTE) {
    if (bar) bars.push(bar);
    else if (close !== undefined) bars.push(flat(minute, close));
    close = bar?.close ?? close;
    bar = undefined;
  }
  return { bars, state: { ...state, minute, bar, close } };
}

/**
 * Adds a page of trades, oldest first, and gives the minutes that it finishes. Trades that are already known,
 * or that lie before the current minute, are skipped.
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
    now = { ...now, lastId: tradeId };
    if (minute < now.minute) continue;
    if (minute > now.minute) {
      const finished = barsUntil(now, minute);
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
        : { openAt: minute, open: price, high: price, low: price, close: price, volume, flag: 0 },
    };
  }
  return { bars: done, state: now };
}
