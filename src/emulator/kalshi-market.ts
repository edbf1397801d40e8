import { HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '../domain/time.ts';
import { agenda } from './agenda.ts';
import { type EmulatedContract, hourlyContracts, quarterContract, targetText } from './kalshi-contract.ts';
import { KALSHI_CHANNELS, type KalshiChannel, type KalshiEmission } from './kalshi-emission.ts';
import { type KalshiMaker, kalshiMaker } from './kalshi-maker.ts';
import { kalshiOutcome } from './kalshi-outcome.ts';
import { type KalshiSources, makersView } from './makers-view.ts';
import type { MarketStep } from './market-step.ts';
import type { Random } from './random.ts';
import type { EmulatorSettings } from './settings.ts';

/** The index follows the price that Kraken's book follows after this long. */
const INDEX_LAG = 45 * MILLISECOND;
const QUARTER_SPAN = 15 * MINUTE;
/** New contracts are announced this long before they open. */
const ANNOUNCED = 30 * SECOND;
/** Channels whose market lists a subscriber keeps in step with the contracts. */
const LISTED: readonly KalshiChannel[] = ['orderbook_delta', 'ticker', 'trade'];

/** Least time after the close and the spread of times above it, as observed on 25 September 2026. */
const EMPTIED = { from: 20 * MILLISECOND, spread: 3 * SECOND };
const QUARTER_TIMES = {
  determined: { from: 750 * MILLISECOND, spread: 550 * MILLISECOND },
  settled: { from: 6_500 * MILLISECOND, spread: 1_700 * MILLISECOND },
};
const HOURLY_TIMES = {
  determined: { from: 82 * SECOND, spread: 14 * SECOND },
  settled: { from: 148 * SECOND, spread: 10 * SECOND },
};
const FLOOR_TOLD = { from: 400 * MILLISECOND, spread: 200 * MILLISECOND };
const OPENED = { from: 900 * MILLISECOND, spread: 600 * MILLISECOND };

/** Kalshi's BTC markets as one subscriber sees them. */
export interface KalshiMarket {
  readonly open: (at: Micros, logIndex: number) => readonly KalshiEmission[];
  /** What happens in a step, in order of time. Steps are of one length, and seconds begin with a step. */
  readonly step: (step: MarketStep) => readonly KalshiEmission[];
}

const nextMultiple = (at: Micros, span: Micros) => (Math.floor(at / span) + 1) * span;

/**
 * The hourly ladder (KXBTCD), its ranges (KXBTC) and the quarter-hours (KXBTC15M), each announced, opened, quoted, closed, determined
 * and settled on time, by the exact law from the prints that were sent.
 */
export function kalshiMarket(
  settings: EmulatorSettings,
  random: Random,
  sources: KalshiSources,
): KalshiMarket {
  const { density, strikes, fiveHertz } = settings;
  const { prints } = sources;
  const timing = random.split('timing');
  const crowd = random.split('crowd');
  const view = makersView(settings.impliedNoise, random.split('opinions'), sources);
  const { plan, runBefore } = agenda<KalshiEmission>();
  let makers: readonly KalshiMaker[] = [];
  let listed: readonly string[] = [];
  let spotCents = 0;
  let logBefore = 0;

  const after = (at: Micros, { from, spread }: { readonly from: Micros; readonly spread: Micros }) =>
    at + from + timing.below(spread);
  const say = (emission: KalshiEmission) => plan(emission.at, (out) => out.push(emission));
  const list = (at: Micros, tickers: readonly string[], out: KalshiEmission[]) => {
    listed = tickers;
    for (const channel of LISTED) out.push({ kind: 'ok', at, channel, tickers });
  };
  const quote = (maker: KalshiMaker, at: Micros, out: KalshiEmission[]) => {
    const { ticks, moveTicks } = view.fair(maker.contract, at, spotCents);
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

  const finish = (contracts: readonly EmulatedContract[], closeAt: Micros) => {
    const closing = new Set(contracts.map(({ ticker }) => ticker));
    const times = contracts[0]?.series === 'KXBTC15M' ? QUARTER_TIMES : HOURLY_TIMES;
    const determinedAt = after(closeAt, times.determined);
    const settledAt = after(closeAt, times.settled);
    const value = prints.settlementCents(closeAt / SECOND);
    for (const contract of contracts) {
      say({ kind: 'snapshot', at: after(closeAt, EMPTIED), contract, bids: [], asks: [] });
      say({
        kind: 'determined',
        at: determinedAt,
        contract,
        result: kalshiOutcome(contract, value),
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

  /** Plans the end of the contracts of one close, and the life of those that follow them. */
  const succeed = (contracts: readonly EmulatedContract[], closeAt: Micros) => {
    const quarterly = contracts[0]?.series === 'KXBTC15M';
    const nextClose = closeAt + (quarterly ? QUARTER_SPAN : HOUR);
    let next: readonly EmulatedContract[] = [];
    plan(closeAt - ANNOUNCED, (out) => {
      next = quarterly
        ? [quarterContract(nextClose, undefined)]
        : hourlyContracts(nextClose, spotCents, strikes);
      for (const contract of next) out.push({ kind: 'created', at: closeAt - ANNOUNCED, contract });
    });
    plan(closeAt, () => {
      makers = makers.filter(({ contract }) => contract.closeAt > closeAt);
      finish(contracts, closeAt);
    });
    if (quarterly) {
      const toldAt = after(closeAt, FLOOR_TOLD);
      plan(toldAt, (out) => {
        const floorUnits = prints.settlementCents(closeAt / SECOND);
        next = next.map((contract) => ({ ...contract, floorUnits, subTitle: targetText(floorUnits) }));
        for (const contract of next) out.push({ kind: 'metadata', at: toldAt, contract });
      });
    }
    const openedAt = after(closeAt, OPENED);
    plan(openedAt, (out) => {
      list(openedAt, [...listed, ...next.map(({ ticker }) => ticker)], out);
      start(next, openedAt, out);
      succeed(next, nextClose);
    });
  };

  const print = (second: number) => {
    const cents = Math.round(spotCents);
    prints.record(second, cents);
    const closeSecond = Math.ceil((second * SECOND) / QUARTER_SPAN) * (QUARTER_SPAN / SECOND);
    const mean = (first: number, end: number) => ({ sumUnits: prints.sum(first, end), first, end });
    say({
      kind: 'print',
      at: after(second * SECOND, { from: 22 * MILLISECOND, spread: 40 * MILLISECOND }),
      second,
      cents,
      lastMinute: mean(second - 60, second),
      quarter: closeSecond - second < 60 ? mean(closeSecond - 59, second + 1) : undefined,
    });
  };
  const fastPrint = (from: Micros) =>
    say({
      kind: 'fastPrint',
      at: after(from, { from: 10 * MILLISECOND, spread: 20 * MILLISECOND }),
      sourceMillis: from / MILLISECOND,
      cents: Math.round(spotCents),
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
        else maker.take(at, view.fair(maker.contract, at, spotCents).ticks, out);
      });
    }
  };
  const tell = (maker: KalshiMaker, at: Micros) =>
    plan(at, (out) => {
      const ticker = maker.ticker(at);
      if (ticker) out.push(ticker);
    });

  return {
    open: (at, logIndex) => {
      spotCents = 100 * Math.exp(logIndex);
      logBefore = logIndex;
      const told = at - MILLISECOND;
      const out: KalshiEmission[] = [];
      for (const channel of KALSHI_CHANNELS)
        if (channel !== 'cfbenchmarks_value_5hz' || fiveHertz)
          out.push({ kind: 'subscribed', at: told, channel });
      const quarterClose = nextMultiple(at, QUARTER_SPAN);
      const hourClose = nextMultiple(at, HOUR);
      const floorUnits = prints.settlementCents((quarterClose - QUARTER_SPAN) / SECOND);
      const quarter = [quarterContract(quarterClose, floorUnits)];
      const hourly = hourlyContracts(hourClose, spotCents, strikes);
      const all = [...quarter, ...hourly];
      for (const contract of all) out.push({ kind: 'created', at: told, contract });
      listed = all.map(({ ticker }) => ticker);
      start(all, told, out);
      succeed(quarter, quarterClose);
      succeed(hourly, hourClose);
      return out;
    },
    step: (step) => {
      const { from, to, logFrom } = step;
      spotCents = 100 * Math.exp(logFrom + (logBefore - logFrom) * Math.min(1, INDEX_LAG / (to - from)));
      logBefore = logFrom;
      if (from % SECOND === 0) {
        print(from / SECOND);
        view.tick(from);
      }
      if (fiveHertz && from % (SECOND / 5) === 0) fastPrint(from);
      const tenth = Math.floor((from % SECOND) / (SECOND / 10));
      for (const maker of makers) {
        if (maker.contract.closeAt <= from) continue;
        if (maker.tenth === tenth) tell(maker, from + 50 * MILLISECOND);
        trade(maker, step);
      }
      const out: KalshiEmission[] = [];
      runBefore(to, out);
      return out;
    },
  };
}
