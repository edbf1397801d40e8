import { MILLISECOND, MINUTE, type Micros } from '../../../domain/time.ts';
import { rulesText } from './contract.ts';
import type { PublicMarket } from './state.ts';
import { fixedPointText, priceText, unitsText } from './text.ts';

/** RFC 3339, without fractions of a second if there are none. */
export const isoText = (at: Micros): string => new Date(at / MILLISECOND).toISOString().replace('.000Z', 'Z');

/** The status of a market, in the words of market objects. */
export const marketStatus = (market: PublicMarket, now: Micros): string => {
  const { contract, result, settledAt, started, paused, review } = market;
  if (settledAt !== undefined) return 'finalized';
  if (review !== undefined) return review;
  if (result !== undefined) return 'determined';
  if (now >= contract.closeAt) return 'closed';
  if (paused) return 'inactive';
  return started && now >= contract.openAt ? 'active' : 'initialized';
};
const best = (side: ReadonlyMap<number, number>, pick: (...ticks: number[]) => number): number | undefined =>
  side.size === 0 ? undefined : pick(...side.keys());

/** A market object with the keys of those recorded on 25 September 2026. */
export function marketObject(market: PublicMarket, now: Micros): Readonly<Record<string, unknown>> {
  const { contract, bids, asks, ticker } = market;
  const bid = best(bids, Math.max);
  const ask = best(asks, Math.min);
  const perDollar = 10 ** contract.indexDecimals;
  const volume = fixedPointText(ticker?.volume ?? 0);
  return {
    ticker: contract.ticker,
    event_ticker: contract.event,
    market_type: 'binary',
    title: contract.title,
    ...(contract.kind !== 'quarterHour' && { subtitle: contract.subTitle }),
    yes_sub_title: contract.subTitle,
    no_sub_title: contract.subTitle,
    created_time: isoText(contract.openAt - MINUTE),
    updated_time: isoText(contract.openAt),
    open_time: isoText(contract.openAt),
    close_time: isoText(contract.closeAt),
    expected_expiration_time: isoText(contract.closeAt + 5 * MINUTE),
    expiration_time: isoText(contract.closeAt + 7 * 1_440 * MINUTE),
    latest_expiration_time: isoText(contract.closeAt + 7 * 1_440 * MINUTE),
    occurrence_datetime: isoText(contract.closeAt + 5 * MINUTE),
    settlement_timer_seconds: contract.kind === 'quarterHour' ? 1 : 60,
    status: marketStatus(market, now),
    yes_bid_dollars: priceText(bid ?? 0),
    yes_bid_size_fp: fixedPointText(bid === undefined ? 0 : (bids.get(bid) ?? 0)),
    yes_ask_dollars: priceText(ask ?? 10_000),
    yes_ask_size_fp: fixedPointText(ask === undefined ? 0 : (asks.get(ask) ?? 0)),
    no_bid_dollars: priceText(10_000 - (ask ?? 10_000)),
    no_ask_dollars: priceText(10_000 - (bid ?? 0)),
    last_price_dollars: priceText(ticker?.last.ticks ?? 0),
    previous_price_dollars: '0.0000',
    previous_yes_ask_dollars: '0.0000',
    previous_yes_bid_dollars: '0.0000',
    volume_fp: volume,
    volume_24h_fp: volume,
    open_interest_fp: fixedPointText(ticker?.openInterest ?? 0),
    notional_value_dollars: '1.0000',
    liquidity_dollars: '0.0000',
    result: market.result ?? '',
    can_close_early: true,
    expiration_value:
      market.valueUnits === undefined ? '' : unitsText(market.valueUnits, contract.indexDecimals),
    ...(market.settledAt !== undefined && {
      settlement_ts: isoText(market.settledAt),
      settlement_value_dollars: market.result === 'yes' ? '1.0000' : '0.0000',
    }),
    strike_type: contract.strikeType,
    ...(contract.floorUnits !== undefined && { floor_strike: contract.floorUnits / perDollar }),
    ...(contract.capUnits !== undefined && { cap_strike: contract.capUnits / perDollar }),
    custom_strike: { round_digits: String(contract.indexDecimals) },
    rules_primary: '(emulated)',
    rules_secondary: rulesText(contract),
    price_level_structure: contract.structure,
    price_ranges: contract.tickBands.map(({ startTicks, endTicks, stepTicks }) => ({
      start: priceText(startTicks),
      end: priceText(endTicks),
      step: priceText(stepTicks),
    })),
    exchange_index: contract.exchangeIndex,
  };
}

/** The two sides as bids of yes and of no, `depth` levels each; 0 gives all. */
export const bookObject = (
  { bids, asks }: PublicMarket,
  depth: number,
): Readonly<Record<string, unknown>> => {
  const side = (levels: ReadonlyMap<number, number>, leg: (ticks: number) => number) => {
    const rows = [...levels]
      .map(([ticks, count]) => [leg(ticks), count] as const)
      .sort(([a], [b]) => a - b)
      .map(([ticks, count]) => [priceText(ticks), fixedPointText(count)]);
    return depth > 0 ? rows.slice(-depth) : rows;
  };
  return { yes_dollars: side(bids, (t) => t), no_dollars: side(asks, (t) => 10_000 - t) };
};
