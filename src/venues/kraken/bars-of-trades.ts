import type { MinuteBar } from '../../domain/bars.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import type { KrakenTradeRow } from './rest-wire.ts';

/** What has to be kept between pages: plain data, so that a download can be taken up again. */
export interface BarsState {
  /** Minutes before this are finished. */
  readonly minute: Micros;
  readonly bar: MinuteBar | undefined;
  /** Of the last finished minute; what an empty one is flat at. */
  readonly close: number | undefined;
  /** Pages overlap; trades up to this one are known. */
  readonly lastId: number;
}

/** Before the first trade at or after `from`. */
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

/** Volumes are sums of eight decimals. */
const eight = (volume: number): number => Math.round(volume * 1e8) / 1e8;

/** Minutes that end by `until`, empty ones flat at the close before them; none before the first trade. */
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

/** Takes a page of trades, oldest first, and gives the minutes that it finishes. Trades known already or before the current minute are passed over. */
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
