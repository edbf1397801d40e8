import { Subject } from 'rxjs';
import type { ContractChanged } from '../domain/events/market.ts';
import type { KrakenOhlc, SpotTrade, VenueEvent } from '../domain/events/venue.ts';
import type { Frame } from '../domain/frame.ts';
import { MILLISECOND, type Micros, SECOND } from '../domain/time.ts';
import type { Decoded } from '../operators/decode.ts';
import { kalshiDecoder } from '../venues/kalshi/codec.ts';
import { contracts } from '../venues/kalshi/contracts.ts';
import { kalshiRestDecoder } from '../venues/kalshi/rest-codec.ts';
import type { KalshiSettings } from '../venues/kalshi/settings.ts';
import { decodeKraken } from '../venues/kraken/codec.ts';
import type { EmulatedContract } from './kalshi-contract.ts';
import type { KalshiEmission, KalshiLevel } from './kalshi-emission.ts';
import type { KrakenEmission } from './kraken-emission.ts';
import { recordedBook, ticksOf } from './recorded-book.ts';
import type { WorldStep } from './world.ts';

/** Markets that say again what a tape recorded. They begin at the tape's first frame and keep its times. */
export interface TapeWorld {
  readonly startAt: Micros;
  readonly steps: () => Generator<WorldStep, void>;
}

const STEP = 100 * MILLISECOND;
const TENTHS = 10;
const LOTS = 1e8;
const MINUTE_PRINTS = 60;

const pairsOf = (flat: readonly number[]): readonly KalshiLevel[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => ({
    ticks: flat[2 * i] as number,
    count: flat[2 * i + 1] as number,
  }));
const listed = ({ contract }: ContractChanged): EmulatedContract => ({
  ...contract,
  marketId: contract.ticker,
  structure: contract.tickBands.length > 1 ? 'tapered_deci_cent' : 'linear_cent',
  title: '(recorded)',
  subTitle: '(recorded)',
});

const tradeSaid = ({ price, quantity, taker, tradeId, replayed }: SpotTrade, at: Micros): KrakenEmission => ({
  kind: 'trades',
  at,
  snapshot: replayed,
  trades: [{ ...ticksOf({ price, qty: quantity ?? 0 }), at, side: taker ?? 'buy', tradeId }],
});
const candleSaid = (bar: KrakenOhlc, at: Micros): KrakenEmission => {
  const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map((price) =>
    Math.round(price * TENTHS),
  ) as [number, number, number, number];
  const lots = Math.round(bar.volume * LOTS);
  const candle = { openAt: bar.at, open, high, low, close, lots, turnover: close * lots, trades: 1 };
  return { kind: 'ohlc', at, snapshot: false, candles: [candle] };
};

/** What Kalshi's recorded events mean to an emulated venue; a book whose contract is not known yet waits for it. */
function kalshiSayings(
  settings: KalshiSettings,
): (event: VenueEvent, at: Micros) => readonly KalshiEmission[] {
  const known = new Map<string, EmulatedContract>();
  const waiting = new Map<string, VenueEvent[]>();
  const prints: { readonly second: number; readonly cents: number }[] = [];
  const events = new Subject<Decoded>();
  let changed: ContractChanged | undefined;
  events.pipe(contracts(settings)).subscribe((change) => {
    changed = change;
  });

  const said = (event: VenueEvent, at: Micros): readonly KalshiEmission[] => {
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
        const contract = listed(change);
        known.set(ticker, contract);
        if (settled) return settledOf(ticker, at);
        if (change.result !== undefined)
          return [{ kind: 'determined', at, contract, result: change.result, valueUnits: undefined }];
        if (before)
          return [{ kind: before.closeAt === contract.closeAt ? 'metadata' : 'closeMoved', at, contract }];
        const late = waiting.get(ticker) ?? [];
        waiting.delete(ticker);
        return [{ kind: 'created', at, contract }, ...late.flatMap((each) => said(each, at))];
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
        if (event.hertz !== 1)
          return [{ kind: 'fastPrint', at, sourceMillis: event.at / MILLISECOND, cents: event.cents }];
        const second = event.at / SECOND;
        const before = prints.filter((print) => print.second >= second - MINUTE_PRINTS);
        prints.splice(0, prints.length, ...before, { second, cents: event.cents });
        const sumUnits = before.reduce((sum, { cents }) => sum + cents, 0);
        const first = before[0]?.second ?? second - 1;
        const lastMinute = { sumUnits: before.length > 0 ? sumUnits : event.cents, first, end: second };
        return [{ kind: 'print', at, second, cents: event.cents, lastMinute, quarter: undefined }];
      }
      default:
        return [];
    }
  };
  const settledOf = (ticker: string, at: Micros): readonly KalshiEmission[] => {
    const contract = known.get(ticker);
    return contract ? [{ kind: 'settled', at, contract }] : [];
  };
  return said;
}

/**
 * Replays recorded frames as what venues say: books, trades, candles, lifecycle and prints of the wire texts and of Kalshi's REST, at their own receipt times. A venue that the tape
 * does not have stays silent. Throws for frames without a time to begin at.
 */
export function tapeWorld(frames: readonly Frame[], settings: KalshiSettings): TapeWorld {
  const first = frames[0];
  if (!first) throw new Error('tapeWorld: a tape must hold a frame, was empty');
  return {
    startAt: first.at,
    *steps() {
      const decode = kalshiDecoder(settings);
      const decodeRest = kalshiRestDecoder(settings);
      const sayings = kalshiSayings(settings);
      const bookSaid = recordedBook();
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
            kalshi.push(...sayings(event, frame.at));
        if (frame.kind !== 'wire') continue;
        const { at, text, venue } = frame;
        if (venue === 'kalshi') for (const event of decode(text, at)) kalshi.push(...sayings(event, at));
        if (venue !== 'kraken') continue;
        for (const event of decodeKraken(text, at)) {
          if (event.kind === 'krakenBook') kraken.push(bookSaid(event, at));
          else if (event.kind === 'spotTrade') kraken.push(tradeSaid(event, at));
          else if (event.kind === 'krakenOhlc') kraken.push(candleSaid(event, at));
        }
      }
      yield { to, kraken, kalshi };
    },
  };
}
