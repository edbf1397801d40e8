import type { MinuteBar } from '../../domain/bars.ts';
import type { Micros } from '../../domain/time.ts';
import type { KrakenCandle } from './emission.ts';
import type { KrakenPair } from './pair.ts';

/** Lengths of Kraken's candles in minutes, over socket and REST (docs.kraken.com, ohlc). */
export const KRAKEN_INTERVALS: readonly number[] = [1, 5, 15, 30, 60, 240, 1440, 10_080, 21_600];

/** Number of trades of a minute that is only known as a bar. */
const MADE_UP_TRADES = 120;

/** A minute as Kraken's candle, in the pair's steps. Its number of trades is made up. */
export const candleOf = (
  bar: MinuteBar,
  { priceDecimals, quantityDecimals }: Pick<KrakenPair, 'priceDecimals' | 'quantityDecimals'>,
): KrakenCandle => {
  const lots = Math.round(bar.volume * 10 ** quantityDecimals);
  const ticks = (dollars: number): number => Math.round(dollars * 10 ** priceDecimals);
  const [open, high, low, close] = [ticks(bar.open), ticks(bar.high), ticks(bar.low), ticks(bar.close)];
  return {
    openAt: bar.openAt,
    open,
    high,
    low,
    close,
    lots,
    turnover: ((high + low + close) / 3) * lots,
    trades: lots > 0 ? MADE_UP_TRADES : 0,
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
