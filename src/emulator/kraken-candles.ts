import type { MinuteBar } from '../domain/bars.ts';
import type { Micros } from '../domain/time.ts';
import type { KrakenCandle } from './kraken-emission.ts';

const LOTS = 1e8;

/** A minute as Kraken's candle, in tenths of a dollar and 1e-8 bitcoin. How many trades it had is made up. */
export const candleOf = (bar: MinuteBar): KrakenCandle => {
  const lots = Math.round(bar.volume * LOTS);
  const tenths = (dollars: number): number => Math.round(dollars * 10);
  const [open, high, low, close] = [tenths(bar.open), tenths(bar.high), tenths(bar.low), tenths(bar.close)];
  return {
    openAt: bar.openAt,
    open,
    high,
    low,
    close,
    lots,
    turnover: ((high + low + close) / 3) * lots,
    trades: lots > 0 ? 120 : 0,
  };
};

/** Minutes merged into candles of `span`, oldest first. */
export const merged = (minutes: readonly KrakenCandle[], span: Micros): readonly KrakenCandle[] => {
  const out: KrakenCandle[] = [];
  for (const minute of minutes) {
    const openAt = Math.floor(minute.openAt / span) * span;
    const last = out.at(-1);
    if (last?.openAt !== openAt) out.push({ ...minute, openAt });
    else
      out[out.length - 1] = {
        ...last,
        high: Math.max(last.high, minute.high),
        low: Math.min(last.low, minute.low),
        close: minute.close,
        lots: last.lots + minute.lots,
        turnover: last.turnover + minute.turnover,
        trades: last.trades + minute.trades,
      };
  }
  return out;
};
