import type { TickBand } from '../../../domain/contracts.ts';
import { MILLISECOND, MINUTE, SECOND } from '../../../domain/time.ts';
import { rfc3339Text } from '../../world/rfc3339-text.ts';
import { type EmulatedContract, rulesText } from './contract.ts';
import {
  KALSHI_CHANNELS,
  type KalshiChannel,
  type KalshiEmission,
  type KalshiLevel,
  type PrintedIndex,
  type PrintsMean,
} from './emission.ts';
import { unitsText } from './text.ts';

/** "0.9600" of 9600 ticks. */
const price = (ticks: number) => (ticks >= 10_000 ? '1.0000' : `0.${String(10_000 + ticks).slice(1)}`);
const fixedPoint = (count: number) => (count / 100).toFixed(2);
const eightDecimals = ({ valueUnits, indexDecimals }: PrintedIndex) =>
  `${unitsText(valueUnits, indexDecimals)}${'0'.repeat(8 - indexDecimals)}`;
const level = ({ ticks, count }: KalshiLevel) => `["${price(ticks)}","${fixedPoint(count)}"]`;
const band = ({ startTicks, endTicks, stepTicks }: TickBand) =>
  `{"start":"${price(startTicks)}","end":"${price(endTicks)}","step":"${price(stepTicks)}"}`;
const value = (millis: number, { indexId, valueUnits, indexDecimals }: PrintedIndex) =>
  JSON.stringify(
    `{"type":"value","time":${millis},"id":"${indexId}","value":"${unitsText(valueUnits, indexDecimals)}"}`,
  );
const mean = (
  { sumUnits, first, end }: PrintsMean,
  window: { readonly first: number; readonly end: number },
  { indexDecimals }: PrintedIndex,
) =>
  `{"value":"${(sumUnits / (10 ** indexDecimals * (end - first))).toFixed(8)}","window_size":${end - first},"window_start_ts_ms":${window.first * 1_000},"window_end_ts_exclusive":${window.end * 1_000}}`;
const strikes = ({ strikeType, floorUnits, capUnits, indexDecimals }: EmulatedContract) => {
  const strike = (name: string, units: number | undefined) =>
    units === undefined ? '' : `,"${name}":${units / 10 ** indexDecimals}`;
  return `"strike_type":"${strikeType}"${strike('floor_strike', floorUnits)}${strike('cap_strike', capUnits)}`;
};

/** How one connection numbers its subscriptions and their frames. */
export interface KalshiNumbering {
  readonly sidOf: (channel: KalshiChannel) => number;
  /** The next sequence number of the channel's sid. */
  readonly next: (channel: KalshiChannel) => number;
}

/** Sids in the order of the channels, each counting from 1. */
function fixedNumbering(): KalshiNumbering {
  const sequences = KALSHI_CHANNELS.map(() => 0);
  const sidOf = (channel: KalshiChannel) => KALSHI_CHANNELS.indexOf(channel) + 1;
  return {
    sidOf,
    next: (channel) => {
      const place = sidOf(channel) - 1;
      const seq = (sequences[place] ?? 0) + 1;
      sequences[place] = seq;
      return seq;
    },
  };
}

/**
 * Writes the emissions of the emulated Kalshi as frames of one WebSocket connection (AsyncAPI 2.0.0). Each
 * sid numbers all its sequenced frames, acknowledgements included; tickers and their acknowledgements have no
 * number. With `useYesPrice`, NO levels are written as one dollar minus their own price.
 */
export function kalshiWire({
  useYesPrice,
  numbering: { sidOf, next } = fixedNumbering(),
}: {
  readonly useYesPrice: boolean;
  readonly numbering?: KalshiNumbering;
}): (emission: KalshiEmission) => string {
  const time = rfc3339Text();
  let commands = 0;

  const numbered = (channel: KalshiChannel) => `"sid":${sidOf(channel)},"seq":${next(channel)}`;
  const frame = (type: string, channel: KalshiChannel, msg: string) =>
    `{"type":"${type}",${numbered(channel)},"msg":{${msg}}}`;
  const noPrice = (ticks: number) => (useYesPrice ? ticks : 10_000 - ticks);
  const lifecycle = (emission: { readonly contract: EmulatedContract }, msg: string, event: string) =>
    frame(
      'market_lifecycle_v2',
      'market_lifecycle_v2',
      `"market_ticker":"${emission.contract.ticker}","exchange_index":${emission.contract.exchangeIndex},${msg},"event_type":"${event}"`,
    );

  return (emission) => {
    const { at } = emission;
    const millis = Math.floor(at / MILLISECOND);
    const second = Math.floor(at / SECOND);
    switch (emission.kind) {
      case 'subscribed':
        return `{"type":"subscribed","id":${++commands},"msg":{"channel":"${emission.channel}","sid":${sidOf(emission.channel)}}}`;
      case 'ok': {
        const place =
          emission.channel === 'ticker' ? `"sid":${sidOf(emission.channel)}` : numbered(emission.channel);
        return `{"type":"ok","id":${++commands},${place},"msg":{"market_tickers":${JSON.stringify(emission.tickers)}}}`;
      }
      case 'snapshot': {
        const { contract, bids, asks } = emission;
        const no = asks
          .map(({ ticks, count }) => ({ ticks: noPrice(ticks), count }))
          .sort((a, b) => a.ticks - b.ticks);
        const yesText =
          bids.length > 0
            ? `,"yes_dollars_fp":[${[...bids]
                .sort((a, b) => a.ticks - b.ticks)
                .map(level)
                .join()}]`
            : '';
        const noText = no.length > 0 ? `,"no_dollars_fp":[${no.map(level).join()}]` : '';
        return frame(
          'orderbook_snapshot',
          'orderbook_delta',
          `"market_ticker":"${contract.ticker}","market_id":"${contract.marketId}"${yesText}${noText}`,
        );
      }
      case 'delta': {
        const { contract, side, ticks, change } = emission;
        const leg = side === 'bid' ? ticks : noPrice(ticks);
        return frame(
          'orderbook_delta',
          'orderbook_delta',
          `"market_ticker":"${contract.ticker}","market_id":"${contract.marketId}","price_dollars":"${price(leg)}","delta_fp":"${fixedPoint(change)}","side":"${side === 'bid' ? 'yes' : 'no'}","ts":"${time(at)}","ts_ms":${millis}`,
        );
      }
      case 'ticker': {
        const { contract, last, bid, ask, volume, openInterest } = emission;
        return `{"type":"ticker","sid":${sidOf('ticker')},"msg":{"market_id":"${contract.marketId}","market_ticker":"${contract.ticker}","price_dollars":"${price(last.ticks)}","yes_bid_dollars":"${price(bid?.ticks ?? 0)}","yes_ask_dollars":"${price(ask?.ticks ?? 10_000)}","volume_fp":"${fixedPoint(volume)}","open_interest_fp":"${fixedPoint(openInterest)}","dollar_volume":${Math.floor(volume / 200)},"dollar_open_interest":${Math.floor(openInterest / 200)},"yes_bid_size_fp":"${fixedPoint(bid?.count ?? 0)}","yes_ask_size_fp":"${fixedPoint(ask?.count ?? 0)}","last_trade_size_fp":"${fixedPoint(last.count)}","ts":${second},"ts_ms":${millis},"time":"${time(at)}"}}`;
      }
      case 'trade': {
        const { contract, tradeId, taker, ticks, count } = emission;
        const side = taker === 'bid' ? 'yes' : 'no';
        return frame(
          'trade',
          'trade',
          `"trade_id":"${tradeId}","market_ticker":"${contract.ticker}","yes_price_dollars":"${price(ticks)}","no_price_dollars":"${price(10_000 - ticks)}","count_fp":"${fixedPoint(count)}","taker_side":"${side}","taker_outcome_side":"${side}","taker_book_side":"${taker}","is_block_trade":false,"ts":${second},"ts_ms":${millis}`,
        );
      }
      case 'created': {
        const { openAt, closeAt, event, structure, tickBands, title, subTitle } = emission.contract;
        return lifecycle(
          emission,
          `"open_ts":${openAt / SECOND},"close_ts":${closeAt / SECOND},"additional_metadata":{"name":"${subTitle}","title":"${title}","yes_sub_title":"${subTitle}","no_sub_title":"${subTitle}","rules_primary":"(emulated)","rules_secondary":"${rulesText(emission.contract)}","can_close_early":true,"event_ticker":"${event}","expected_expiration_ts":${(closeAt + 5 * MINUTE) / SECOND},${strikes(emission.contract)}},"price_level_structure":"${structure}","price_ranges":[${tickBands.map(band).join()}]`,
          'created',
        );
      }
      case 'metadata':
        return lifecycle(
          emission,
          `${strikes(emission.contract)},"yes_sub_title":"${emission.contract.subTitle}"`,
          'metadata_updated',
        );
      case 'closeMoved':
        return lifecycle(emission, `"close_ts":${emission.contract.closeAt / SECOND}`, 'close_date_updated');
      case 'determined':
        return lifecycle(
          emission,
          `"determination_ts":${second},"result":"${emission.result}","settlement_value":"${emission.result === 'yes' ? '1.0000' : '0.0000'}"`,
          'determined',
        );
      case 'halted':
        return lifecycle(
          emission,
          `"is_deactivated":${emission.paused}`,
          emission.paused ? 'deactivated' : 'activated',
        );
      case 'disputed':
        throw new TypeError('kalshiWire: no frame tells a dispute');
      case 'settled':
        return lifecycle(emission, `"settled_ts":${second}`, 'settled');
      case 'print': {
        const { second: source, index, lastMinute, quarter } = emission;
        const quarterText = quarter
          ? `,"last_60s_windowed_average_15min":${mean(quarter, { first: quarter.first - 1, end: quarter.end - 1 }, index)}`
          : '';
        return frame(
          'cfbenchmarks_value',
          'cfbenchmarks_value',
          `"index_id":"${index.indexId}","received_at":${millis},"data":${value(source * 1_000, index)},"avg_60s_data":${mean(lastMinute, lastMinute, index)}${quarterText}`,
        );
      }
      case 'fastPrint':
        return frame(
          'cfbenchmarks_value_5hz',
          'cfbenchmarks_value_5hz',
          `"index_id":"${emission.index.indexId}","value_usd":"${eightDecimals(emission.index)}","source_ts_ms":${emission.sourceMillis},"received_at":${millis},"data":${value(emission.sourceMillis, emission.index)}`,
        );
    }
  };
}
