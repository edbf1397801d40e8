import { SETTLEMENT_PRINTS } from '../../../domain/settlement-sums.ts';
import { HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '../../../domain/time.ts';
import type { EmulatedAsset } from '../../emulated-asset.ts';
import type { EmulatorSettings } from '../../settings.ts';
import { agenda } from '../../world/agenda.ts';
import type { MarketStep } from '../../world/market-step.ts';
import type { Random } from '../../world/random.ts';
import { type EmulatedContract, hourlyContracts, quarterContract, targetText } from './contract.ts';
import type { KalshiChannel, KalshiEmission, PrintedIndex } from './emission.ts';
import { type KalshiMaker, kalshiMaker } from './maker.ts';
import { type KalshiSources, makersView } from './makers-view.ts';
import { kalshiOutcome } from './outcome.ts';

/** Delay of the index behind the price that Kraken's book follows. */
const INDEX_LAG = 45 * MILLISECOND;
const QUARTER_SPAN = 15 * MINUTE;
/** New contracts are announced this long before they open. */
const ANNOUNCED = 30 * SECOND;
/** Channels whose market lists a subscriber updates as contracts come and go. */
const LISTED: readonly KalshiChannel[] = ['orderbook_delta', 'ticker', 'trade'];

/** Least delay after the close, and the range of delays above it, as observed on 25 September 2026. */
const EMPTIED = { from: 20 * MILLISECOND, spread: 3 * SECOND };
const QUARTER_TIMES = {
  determined: { from: 750 * MILLISECOND, spread: 550 * MILLISECOND },
  settled: { from: 6_500 * MILLISECOND, spread: 1_700 * MILLISECOND },
};
const HOURLY_TIMES = {
  determined: { from: 82 * SECOND, spread: 14 * SECOND },
  settled: { from: 148 * SECOND, spread: 10 * SECOND },
};
const FLOOR_PUBLISHED = { from: 400 * MILLISECOND, spread: 200 * MILLISECOND };
const OPENED = { from: 900 * MILLISECOND, spread: 600 * MILLISECOND };

/** Kalshi's markets on one asset as a subscriber sees them. */
export interface KalshiMarket {
  readonly open: (at: Micros, logIndex: number) => readonly KalshiEmission[];
  /**
   * The emissions of a step, in order of time. All steps have one length, and each second begins with a step.
   */
  readonly step: (step: MarketStep) => readonly KalshiEmission[];
}

const nextMultiple = (at: Micros, span: Micros) => (Math.floor(at / span) + 1) * span;

/**
 * An asset's hourly ladder, its ranges and its quarter-hours, each announced, opened, quoted, closed,
 * determined and settled on time, by the exact rule from the published prints.
 */
export function kalshiMarket(
  asset: EmulatedAsset,
  settings: EmulatorSettings,
  random: Random,
  sources: KalshiSources,
): KalshiMarket {
  const { density, strikes, fiveHertz } = settings;
  const { prints } = sources;
  const { indexId, indexDecimals, unitsPerDollar } = asset;
  const timing = random.split('timing');
  const crowd = random.split('crowd');
  const view = makersView(settings.impliedNoise, random.split('opinions'), sources);
  const { plan, runBefore } = agenda<KalshiEmission>();
  let makers: readonly KalshiMaker[] = [];
  let listed: readonly string[] = [];
  let spotUnits = 0;
  let logBefore = 0;

  const after = (at: Micros, { from, spread }: { readonly from: Micros; readonly spread: Micros }) =>
    at + from + timing.below(spread);
  const say = (emission: KalshiEmission) => plan(emission.at, (out) => out.push(emission));
  const list = (at: Micros, tickers: readonly string[], out: KalshiEmission[]) => {
    listed = tickers;
    for (const channel of LISTED) out.push({ kind: 'ok', at, channel, tickers });
  };
  const quote = (maker: KalshiMaker, at: Micros, out: KalshiEmission[]) => {
    const { ticks, moveTicks } = view.fair(maker.contract, at, spotUnits);
    maker.quote(at, ticks, moveTicks, out);
  };
  const start = (contracts: readonly EmulatedContract[], at: Micros, out: KalshiEmission[]) => {
    for (const contract of contracts) {
      const maker = kalshiMaker(contract, crowd.split(contract.ticker));
      quote(maker, at, []);
      makers = [...makers, maker];
      out.push(maker.snapshot(at));
    }
  };

  const finish = (contracts: readonly EmulatedContract[], quarterly: boolean, closeAt: Micros) => {
    const closing = new Set(contracts.map(({ ticker }) => ticker));
    const times = quarterly ? QUARTER_TIMES : HOURLY_TIMES;
    const determinedAt = after(closeAt, times.determined);
    const settledAt = after(closeAt, times.settled);
    const value = prints.settlementUnits(closeAt / SECOND);
    const mean = prints.sum(closeAt / SECOND - SETTLEMENT_PRINTS, closeAt / SECOND) / SETTLEMENT_PRINTS;
    for (const contract of contracts) {
      say({ kind: 'snapshot', at: after(closeAt, EMPTIED), contract, bids: [], asks: [] });
      say({
        kind: 'determined',
        at: determinedAt,
        contract,
        result: kalshiOutcome(contract, contract.settlesBy === 'average' ? mean : value),
        valueUnits: value,
      });
      say({ kind: 'settled', at: settledAt, contract });
    }
    const droppedAt = settledAt + SECOND;
    plan(droppedAt, (out) =>
      list(
        droppedAt,
        listed.filter((ticker) => !closing.has(ticker)),
        out,
      ),
    );
  };

  /** Plans the end of the contracts of one close, and the contracts that follow them. */
  const succeed = (contracts: readonly EmulatedContract[], quarterly: boolean, closeAt: Micros) => {
    if (contracts.length === 0) return;
    const nextClose = closeAt + (quarterly ? QUARTER_SPAN : HOUR);
    let next: readonly EmulatedContract[] = [];
    plan(closeAt - ANNOUNCED, (out) => {
      next = quarterly
        ? quarterContract(asset, nextClose, undefined)
        : hourlyContracts(asset, nextClose, spotUnits, strikes);
      for (const contract of next) out.push({ kind: 'created', at: closeAt - ANNOUNCED, contract });
    });
    plan(closeAt, () => {
      makers = makers.filter(({ contract }) => contract.closeAt > closeAt);
      finish(contracts, quarterly, closeAt);
    });
    if (quarterly) {
      const publishedAt = after(closeAt, FLOOR_PUBLISHED);
      plan(publishedAt, (out) => {
        const floorUnits = prints.settlementUnits(closeAt / SECOND);
        next = next.map((contract) => ({
          ...contract,
          floorUnits,
          subTitle: targetText(floorUnits, indexDecimals),
        }));
        for (const contract of next) out.push({ kind: 'metadata', at: publishedAt, contract });
      });
    }
    const openedAt = after(closeAt, OPENED);
    plan(openedAt, (out) => {
      list(openedAt, [...listed, ...next.map(({ ticker }) => ticker)], out);
      start(next, openedAt, out);
      succeed(next, quarterly, nextClose);
    });
  };

  const printed = (): PrintedIndex => ({ indexId, indexDecimals, valueUnits: Math.round(spotUnits) });
  const print = (second: number) => {
    prints.record(second, Math.round(spotUnits));
    const closeSecond = Math.ceil((second * SECOND) / QUARTER_SPAN) * (QUARTER_SPAN / SECOND);
    const mean = (first: number, end: number) => ({ sumUnits: prints.sum(first, end), first, end });
    say({
      kind: 'print',
      at: after(second * SECOND, { from: 22 * MILLISECOND, spread: 40 * MILLISECOND }),
      index: printed(),
      second,
      lastMinute: mean(second - 60, second),
      quarter: closeSecond - second < 60 ? mean(closeSecond - 59, second + 1) : undefined,
    });
  };
  const fastPrint = (from: Micros) =>
    say({
      kind: 'fastPrint',
      at: after(from, { from: 10 * MILLISECOND, spread: 20 * MILLISECOND }),
      index: printed(),
      sourceMillis: from / MILLISECOND,
    });

  const trade = (maker: KalshiMaker, { from, to, activity }: MarketStep) => {
    const { quotes, flickers, takers } = maker.habits;
    const all = quotes + flickers + takers;
    const busy = density * Math.min(1.6, Math.max(0.5, Math.sqrt(activity)));
    for (let n = crowd.poisson(all * busy * ((to - from) / SECOND)); n > 0; n--) {
      const at = from + 1 + crowd.below(to - from - 1);
      const choice = crowd.uniform() * all;
      plan(at, (out) => {
        if (choice < quotes) quote(maker, at, out);
        else if (choice < quotes + flickers) maker.flicker(at, out);
        else maker.take(at, view.fair(maker.contract, at, spotUnits).ticks, out);
      });
    }
  };
  const publishTicker = (maker: KalshiMaker, at: Micros) =>
    plan(at, (out) => {
      const ticker = maker.ticker(at);
      if (ticker) out.push(ticker);
    });

  return {
    open: (at, logIndex) => {
      spotUnits = unitsPerDollar * Math.exp(logIndex);
      logBefore = logIndex;
      const announcedAt = at - MILLISECOND;
      const out: KalshiEmission[] = [];
      const quarterClose = nextMultiple(at, QUARTER_SPAN);
      const hourClose = nextMultiple(at, HOUR);
      const floorUnits = prints.settlementUnits((quarterClose - QUARTER_SPAN) / SECOND);
      const quarter = quarterContract(asset, quarterClose, floorUnits);
      const hourly = hourlyContracts(asset, hourClose, spotUnits, strikes);
      const all = [...quarter, ...hourly];
      for (const contract of all) out.push({ kind: 'created', at: announcedAt, contract });
      listed = all.map(({ ticker }) => ticker);
      start(all, announcedAt, out);
      succeed(quarter, true, quarterClose);
      succeed(hourly, false, hourClose);
      return out;
    },
    step: (step) => {
      const { from, to, logFrom } = step;
      spotUnits =
        unitsPerDollar * Math.exp(logFrom + (logBefore - logFrom) * Math.min(1, INDEX_LAG / (to - from)));
      logBefore = logFrom;
      if (from % SECOND === 0) {
        print(from / SECOND);
        view.tick(from);
      }
      if (fiveHertz && from % (SECOND / 5) === 0) fastPrint(from);
      const tenth = Math.floor((from % SECOND) / (SECOND / 10));
      for (const maker of makers) {
        if (maker.contract.closeAt <= from) continue;
        if (maker.tenth === tenth) publishTicker(maker, from + 50 * MILLISECOND);
        trade(maker, step);
      }
      const out: KalshiEmission[] = [];
      runBefore(to, out);
      return out;
    },
  };
}
