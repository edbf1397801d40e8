import type { MinuteBar } from '../../domain/bars.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import type { EmulatorSettings } from '../settings.ts';
import type { MarketStep } from '../world/market-step.ts';
import type { Random } from '../world/random.ts';
import { krakenBook } from './book.ts';
import { candleOf } from './candles.ts';
import type { KrakenCandle, KrakenEmission, KrakenTicks, KrakenTradeTicks } from './emission.ts';
import type { KrakenPair } from './pair.ts';

/** Messages and trades a second at mean activity: a quiet Kraken BTC/USD book of depth 10. */
const BOOK_RATE = 13;
const TRADE_RATE = 2;
const SNAPSHOT_TRADES = 50;
const SNAPSHOT_CANDLES = 10;
const FIRST_TRADE_ID = 110_000_000;
/** The book follows once the price is this far outside it, in ticks. */
const SLACK_TICKS = 5;
const BASIS = { deviation: 0.000_04, meanLifeSeconds: 60 };
/**
 * Quantities below are for a pair that trades this many coins in a minute. Those of other pairs are in
 * proportion.
 */
const MINUTE_VOLUME = 1.4;

/** One pair's market at Kraken, for a subscriber. */
export interface KrakenMarket {
  /** The first emissions to a connection that subscribes to all of the pair's channels. */
  readonly open: (at: Micros, logPrice: number, bars: readonly MinuteBar[]) => readonly KrakenEmission[];
  /** The emissions of a step, in order of time. */
  readonly step: (step: MarketStep) => readonly KrakenEmission[];
}

/**
 * A book around the price with its own basis, trades that tend to follow the price, and candles of those
 * trades.
 */
export function krakenMarket(
  pair: KrakenPair,
  minuteVolume: number,
  settings: Pick<EmulatorSettings, 'density' | 'krakenDepth'>,
  random: Random,
): KrakenMarket {
  const { density, krakenDepth: depth } = settings;
  const { symbol } = pair;
  const dollarTicks = 10 ** pair.priceDecimals;
  /** Lots that correspond to one coin of the pair that the constants are for. */
  const coinLots = 10 ** pair.quantityDecimals * (minuteVolume / MINUTE_VOLUME);
  const dustLots = Math.ceil((5_100 * coinLots) / 1e8);
  const leastLots = Math.ceil((1_000 * coinLots) / 1e8);
  const book = krakenBook(depth);
  const meanTradeLots = (MINUTE_VOLUME / 60 / TRADE_RATE / density) * coinLots;
  let basis = 0;
  let tradeId = FIRST_TRADE_ID;
  let candle: KrakenCandle | undefined;

  const newLots = () =>
    random.uniform() < 0.15
      ? dustLots * (1 + random.below(6))
      : Math.round(
          Math.min(
            20 * coinLots,
            Math.max(leastLots, Math.round(0.06 * coinLots * Math.exp(1.5 * random.normal()))),
          ),
        );
  const stride = () => 1 + Math.floor(8 * random.exponential());
  const best = (side: 'bids' | 'asks') => (book[side][0] as KrakenTicks).ticks;
  const refill = (side: 'bids' | 'asks') => {
    const away = side === 'asks' ? 1 : -1;
    const levels = book[side];
    while (levels.length < depth)
      book.set(side, (levels[levels.length - 1] as KrakenTicks).ticks + away * stride(), newLots());
  };
  const drop = (side: 'bids' | 'asks', past: (ticks: number) => boolean) => {
    for (let top = book[side][0]; top && past(top.ticks); top = book[side][0]) book.set(side, top.ticks, 0);
  };
  /** Sets a level at `ticks` and fills the hole behind it. */
  const lead = (side: 'bids' | 'asks', ticks: number) => {
    const away = side === 'asks' ? 1 : -1;
    const next = book[side][0]?.ticks;
    if (next === ticks) return;
    book.set(side, ticks, newLots());
    if (next === undefined) return;
    for (
      let gap = 14 + stride(), n = 0;
      gap < Math.abs(next - ticks) && n < depth - 1;
      gap += 10 + stride(), n++
    )
      book.set(side, ticks + away * gap, newLots());
  };
  const follow = (midTicks: number): boolean => {
    const [low, high] = [best('bids'), best('asks')];
    if (high - low <= SLACK_TICKS && midTicks > low - SLACK_TICKS && midTicks < high + SLACK_TICKS)
      return false;
    const spread = random.uniform() < 0.85 ? 1 : 1 + stride();
    const bid = Math.floor(midTicks - (spread - 1) / 2);
    drop('asks', (ticks) => ticks < bid + spread);
    drop('bids', (ticks) => ticks > bid);
    lead('bids', bid);
    lead('asks', bid + spread);
    return true;
  };
  const flicker = () => {
    const side = random.uniform() < 0.5 ? 'bids' : 'asks';
    const levels = book[side];
    const i = random.below(levels.length);
    const { ticks } = levels[i] as KrakenTicks;
    const kind = random.uniform();
    const deeper = levels[i + 1]?.ticks;
    if (kind < 0.35 && i > 0) book.set(side, ticks, 0);
    else if (kind < 0.7 && deeper !== undefined && Math.abs(deeper - ticks) > 1)
      book.set(side, Math.round((ticks + deeper) / 2), newLots());
    else book.set(side, ticks, newLots());
  };
  const published = (at: Micros): KrakenEmission => {
    refill('bids');
    refill('asks');
    return { kind: 'book', at, symbol, snapshot: false, sides: book.flush() };
  };

  const trade = (at: Micros, midTicks: number, out: KrakenEmission[]) => {
    const middle = (best('bids') + best('asks')) / 2;
    const buy = random.uniform() < 0.5 + 0.3 * Math.tanh((midTicks - middle) / (2 * SLACK_TICKS));
    const resting = buy ? 'asks' : 'bids';
    // exp(1.6·normal − 1.28) has mean 1.
    let left = Math.max(leastLots, Math.round(meanTradeLots * Math.exp(1.6 * random.normal() - 1.28)));
    const trades: KrakenTradeTicks[] = [];
    while (left > 0 && trades.length < 3) {
      const { ticks, lots } = book[resting][0] as KrakenTicks;
      const taken = Math.min(left, lots);
      book.set(resting, ticks, lots - taken);
      trades.push({ at, side: buy ? 'buy' : 'sell', ticks, lots: taken, tradeId: tradeId++ });
      left -= taken;
    }
    for (const { ticks, lots } of trades) {
      const openAt = Math.floor(at / MINUTE) * MINUTE;
      if (candle?.openAt !== openAt)
        candle = {
          openAt,
          open: ticks,
          high: ticks,
          low: ticks,
          close: ticks,
          lots: 0,
          turnover: 0,
          trades: 0,
        };
      candle = {
        ...candle,
        high: Math.max(candle.high, ticks),
        low: Math.min(candle.low, ticks),
        close: ticks,
        lots: candle.lots + lots,
        turnover: candle.turnover + ticks * lots,
        trades: candle.trades + 1,
      };
    }
    out.push(published(at), { kind: 'trades', at, symbol, snapshot: false, trades });
    if (candle) out.push({ kind: 'ohlc', at, symbol, snapshot: false, candles: [candle] });
  };

  return {
    open: (at, logPrice, bars) => {
      const mid = Math.floor(dollarTicks * Math.exp(logPrice));
      book.set('bids', mid, newLots());
      book.set('asks', mid + 1, newLots());
      refill('bids');
      refill('asks');
      book.flush();
      const past = Array.from({ length: SNAPSHOT_TRADES }, (_, i): KrakenTradeTicks => {
        const buy = random.uniform() < 0.5;
        return {
          at: at - (SNAPSHOT_TRADES - i) * 400 * MILLISECOND,
          side: buy ? 'buy' : 'sell',
          ticks: mid + (buy ? 1 : 0) + random.below(5) - 2,
          lots: leastLots + random.below(2 * meanTradeLots),
          tradeId: tradeId++,
        };
      });
      const candles = bars.slice(-SNAPSHOT_CANDLES).map((bar) => candleOf(bar, pair));
      const openings: readonly KrakenEmission[] = [
        { kind: 'ack', at: at - 600, channel: 'book', symbol },
        { kind: 'ack', at: at - 500, channel: 'trade', symbol },
        { kind: 'ack', at: at - 400, channel: 'ohlc', symbol },
        { kind: 'book', at: at - 300, symbol, snapshot: true, sides: book.whole() },
        { kind: 'trades', at: at - 200, symbol, snapshot: true, trades: past },
        { kind: 'ohlc', at: at - 100, symbol, snapshot: true, candles },
      ];
      return openings;
    },
    step: ({ from, to, logFrom, logTo, activity }) => {
      const span = to - from;
      const seconds = span / SECOND;
      const keep = Math.exp(-seconds / BASIS.meanLifeSeconds);
      basis = basis * keep + BASIS.deviation * Math.sqrt(1 - keep * keep) * random.normal();
      const busy = density * Math.min(4, Math.max(0.3, Math.sqrt(activity)));
      const books = random.poisson(BOOK_RATE * Math.min(1.5 * density, busy) * seconds);
      const trades = random.poisson(TRADE_RATE * busy * seconds);
      const times = Array.from({ length: books + trades }, (_, i) => ({
        at: from + 1 + random.below(span - 1),
        kind: i < books ? ('book' as const) : ('trade' as const),
      })).sort((a, b) => a.at - b.at);
      const out: KrakenEmission[] = [];
      for (const { at, kind } of times) {
        const midTicks = dollarTicks * Math.exp(logFrom + ((logTo - logFrom) * (at - from)) / span + basis);
        if (kind === 'trade') trade(at, midTicks, out);
        else {
          if (!follow(midTicks)) flicker();
          out.push(published(at));
        }
      }
      return out;
    },
  };
}
