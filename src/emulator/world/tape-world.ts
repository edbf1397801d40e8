import { Subject } from 'rxjs';
import type { Asset } from '../../domain/asset.ts';
import type { ContractChanged } from '../../domain/events/market.ts';
import type { CodecEvent, KrakenOhlc, SpotTrade } from '../../domain/events/venue.ts';
import type { Frame } from '../../domain/frame.ts';
import { MILLISECOND, type Micros, SECOND } from '../../domain/time.ts';
import type { Decoded } from '../../operators/decode.ts';
import { kalshiDecoder } from '../../venues/kalshi/codec.ts';
import { contracts } from '../../venues/kalshi/contracts.ts';
import { kalshiRestDecoder } from '../../venues/kalshi/rest-codec.ts';
import { decodeKraken } from '../../venues/kraken/codec.ts';
import { type EmulatedAsset, type EmulatedSeries, emulatedAssets, seriesOf } from '../emulated-asset.ts';
import type { EmulatedContract } from '../kalshi/public/contract.ts';
import type { KalshiEmission, KalshiLevel } from '../kalshi/public/emission.ts';
import { candleOf } from '../kraken/candles.ts';
import type { KrakenEmission } from '../kraken/emission.ts';
import type { KrakenPair } from '../kraken/pair.ts';
import type { EmulatorSettings } from '../settings.ts';
import { recordedBook, ticksOf } from './recorded-book.ts';
import type { WorldStep } from './world.ts';

/** Markets that repeat a recorded tape. They begin at the tape's first frame and keep its times. */
export interface TapeWorld {
  readonly startAt: Micros;
  readonly steps: () => Generator<WorldStep, void>;
}

/** What is needed to read a tape's texts. */
export interface TapeReading {
  readonly useYesPrice: boolean;
  readonly emulator: EmulatorSettings;
  readonly assets: readonly Asset[];
}

const STEP = 100 * MILLISECOND;
const MINUTE_PRINTS = 60;

const pairsOf = (flat: readonly number[]): readonly KalshiLevel[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => ({
    ticks: flat[2 * i] as number,
    count: flat[2 * i + 1] as number,
  }));
const asListed = (
  { contract }: ContractChanged,
  { kind, asset, exchangeIndex, fee }: EmulatedSeries,
  indexDecimals: number,
): EmulatedContract => ({
  ...contract,
  kind,
  asset,
  fee: contract.fee ?? fee,
  exchangeIndex: contract.exchangeIndex ?? exchangeIndex,
  indexDecimals,
  marketId: contract.ticker,
  structure: contract.tickBands.length > 1 ? 'tapered_deci_cent' : 'linear_cent',
  title: '(recorded)',
  subTitle: '(recorded)',
});

const tradeOf = (
  { price, quantity, taker, tradeId, replayed }: SpotTrade,
  at: Micros,
  pair: KrakenPair,
): KrakenEmission => ({
  kind: 'trades',
  at,
  symbol: pair.symbol,
  snapshot: replayed,
  trades: [{ ...ticksOf({ price, qty: quantity ?? 0 }, pair), at, side: taker ?? 'buy', tradeId }],
});
const candleEmission = (bar: KrakenOhlc, at: Micros, pair: KrakenPair): KrakenEmission => {
  const candle = candleOf({ ...bar, openAt: bar.at, flag: 0 }, pair);
  const minute = { ...candle, turnover: candle.close * candle.lots, trades: 1 };
  return { kind: 'ohlc', at, symbol: pair.symbol, snapshot: false, candles: [minute] };
};

/** Turns Kalshi's recorded events into emissions. A book whose contract is not known yet waits for it. */
function kalshiEmissions(
  listed: readonly Asset[],
  assets: readonly EmulatedAsset[],
): (event: CodecEvent, at: Micros) => readonly KalshiEmission[] {
  const known = new Map<string, EmulatedContract>();
  const waiting = new Map<string, CodecEvent[]>();
  const prints = new Map<string, readonly { readonly second: number; readonly valueUnits: number }[]>();
  const series = new Map(seriesOf(assets).map((each) => [each.ticker, each]));
  const decimals = new Map(assets.map(({ name, indexDecimals }) => [name, indexDecimals]));
  const events = new Subject<Decoded>();
  let changed: ContractChanged | undefined;
  events.pipe(contracts(listed)).subscribe((change) => {
    changed = change;
  });

  const emissionsOf = (event: CodecEvent, at: Micros): readonly KalshiEmission[] => {
    switch (event.kind) {
      case 'contractListed':
      case 'contractLifecycle': {
        changed = undefined;
        events.next(event);
        const ticker = event.kind === 'contractListed' ? event.contract.ticker : event.ticker;
        const settled =
          event.kind === 'contractListed' ? event.state === 'settled' : event.change === 'settled';
        const change = changed as ContractChanged | undefined;
        if (change === undefined) return settled ? settledOf(ticker, at) : [];
        const before = known.get(ticker);
        const own = series.get(change.contract.series);
        if (!own) return [];
        const contract = asListed(change, own, decimals.get(own.asset) ?? 0);
        known.set(ticker, contract);
        if (settled) return settledOf(ticker, at);
        if (change.result !== undefined)
          return [{ kind: 'determined', at, contract, result: change.result, valueUnits: undefined }];
        if (before)
          return [{ kind: before.closeAt === contract.closeAt ? 'metadata' : 'closeMoved', at, contract }];
        const late = waiting.get(ticker) ?? [];
        waiting.delete(ticker);
        return [{ kind: 'created', at, contract }, ...late.flatMap((each) => emissionsOf(each, at))];
      }
      case 'contractSnapshot':
      case 'contractDelta':
      case 'contractTicker':
      case 'contractTrade': {
        const contract = known.get(event.ticker);
        if (!contract) {
          const queue = waiting.get(event.ticker);
          if (queue) queue.push(event);
          else waiting.set(event.ticker, [event]);
          return [];
        }
        if (event.kind === 'contractSnapshot')
          return [{ kind: 'snapshot', at, contract, bids: pairsOf(event.bids), asks: pairsOf(event.asks) }];
        if (event.kind === 'contractDelta')
          return [
            { kind: 'delta', at, contract, side: event.side, ticks: event.priceTicks, change: event.delta },
          ];
        if (event.kind === 'contractTrade') {
          const { tradeId, taker, priceTicks: ticks, count } = event;
          return [{ kind: 'trade', at, contract, tradeId, taker, ticks, count }];
        }
        const level = (ticks: number | undefined): KalshiLevel | undefined =>
          ticks === undefined ? undefined : { ticks, count: 0 };
        return [
          {
            kind: 'ticker',
            at,
            contract,
            last: { ticks: event.lastTicks, count: 0 },
            bid: level(event.bidTicks),
            ask: level(event.askTicks),
            volume: event.volume,
            openInterest: event.openInterest,
          },
        ];
      }
      case 'indexPrint': {
        const { indexId, units: valueUnits } = event;
        const asset = assets.find((each) => each.indexId === indexId);
        if (!asset) return [];
        const index = { indexId, indexDecimals: asset.indexDecimals, valueUnits };
        if (event.hertz !== 1)
          return [{ kind: 'fastPrint', at, index, sourceMillis: event.at / MILLISECOND }];
        const second = event.at / SECOND;
        const before = (prints.get(indexId) ?? []).filter((print) => print.second >= second - MINUTE_PRINTS);
        prints.set(indexId, [...before, { second, valueUnits }]);
        const sumUnits = before.reduce((sum, print) => sum + print.valueUnits, 0);
        const first = before[0]?.second ?? second - 1;
        const lastMinute = { sumUnits: before.length > 0 ? sumUnits : valueUnits, first, end: second };
        return [{ kind: 'print', at, index, second, lastMinute, quarter: undefined }];
      }
      default:
        return [];
    }
  };
  const settledOf = (ticker: string, at: Micros): readonly KalshiEmission[] => {
    const contract = known.get(ticker);
    return contract ? [{ kind: 'settled', at, contract }] : [];
  };
  return emissionsOf;
}

/** Turns Kraken's recorded events into emissions. Events of a pair that no asset has give none. */
function krakenEmissions(
  assets: readonly EmulatedAsset[],
): (event: CodecEvent, at: Micros) => readonly KrakenEmission[] {
  const pairs = new Map(
    assets.flatMap(({ pair }) => (pair ? [[pair.symbol, { pair, book: recordedBook(pair) }] as const] : [])),
  );
  return (event, at) => {
    if (event.kind !== 'krakenBook' && event.kind !== 'spotTrade' && event.kind !== 'krakenOhlc') return [];
    const found = pairs.get(event.symbol);
    if (!found) return [];
    const { pair, book } = found;
    switch (event.kind) {
      case 'krakenBook':
        return [book(event, at)];
      case 'spotTrade':
        return [tradeOf(event, at, pair)];
      case 'krakenOhlc':
        return [candleEmission(event, at, pair)];
    }
  };
}

/**
 * Replays recorded frames as emissions of the venues: books, trades, candles, lifecycle and prints, from the
 * venues' texts and from Kalshi's REST, at their times of receipt. A venue that is not on the tape stays
 * silent, and so does an asset that is not in the settings. Throws if there is no frame to begin at.
 */
export function tapeWorld(frames: readonly Frame[], reading: TapeReading): TapeWorld {
  const first = frames[0];
  if (!first) throw new Error('tapeWorld: a tape must hold a frame, was empty');
  const assets = emulatedAssets(reading.emulator, reading.assets);
  return {
    startAt: first.at,
    *steps() {
      const decode = kalshiDecoder(reading);
      const decodeRest = kalshiRestDecoder(reading);
      const kalshiOf = kalshiEmissions(reading.assets, assets);
      const krakenOf = krakenEmissions(assets);
      let to = first.at;
      let kraken: KrakenEmission[] = [];
      let kalshi: KalshiEmission[] = [];
      for (const frame of frames) {
        while (frame.at > to) {
          yield { to, kraken, kalshi };
          kraken = [];
          kalshi = [];
          to += STEP;
        }
        if (frame.kind === 'rest' && frame.venue === 'kalshi')
          for (const event of decodeRest(frame.resource, frame.text, frame.at))
            kalshi.push(...kalshiOf(event, frame.at));
        if (frame.kind !== 'wire') continue;
        const { at, text, venue } = frame;
        if (venue === 'kalshi') for (const event of decode(text, at)) kalshi.push(...kalshiOf(event, at));
        if (venue === 'kraken')
          for (const event of decodeKraken(text, at)) kraken.push(...krakenOf(event, at));
      }
      yield { to, kraken, kalshi };
    },
  };
}
