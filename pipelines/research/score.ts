import { Subject } from 'rxjs';
import type { Asset } from '../../src/domain/asset.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { Contract } from '../../src/domain/contracts.ts';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import { DOLLAR_TICKS } from '../../src/domain/money.ts';
import { DAY, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { minuteFeatures } from '../../src/features/rows/minute-features.ts';
import type { MinuteRow } from '../../src/features/rows/minute-row.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { blend } from '../../src/pricing/blend.ts';
import { closeMoments } from '../../src/pricing/close-moments.ts';
import { printWindow } from '../../src/pricing/print-window.ts';
import type { PricingSettings } from '../../src/pricing/settings.ts';
import { momentsOf, probabilityOf } from '../../src/pricing/settlement.ts';
import { type QuoteScore, scoreQuotes } from '../../src/research/score/score-quotes.ts';
import type { ScoredQuote } from '../../src/research/score/scored-quote.ts';
import { type QuoteRow, readQuotes } from '../../src/tape/quotes.ts';
import { readSettled, type SettledTerms } from '../../src/tape/settled.ts';
import { readBars } from '../load/read-bars.ts';

/** What to score. */
export interface ScoreOptions {
  readonly asset: Asset;
  readonly pricing: PricingSettings;
  /** Opens the models that had not seen `at`. */
  readonly forecasterAt: (at: Micros) => Promise<Forecaster>;
  readonly quotes: string;
  readonly settled: string;
  readonly bars: readonly string[];
  readonly volume: readonly string[];
  /** An advantage in log-loss that would be worth trading. */
  readonly advantage: number;
  /** The time now: bars of the future are refused. */
  readonly now?: Micros;
  readonly progress?: (step: string, share: number) => void;
}

/** The score, and what was left out of it. */
export interface ScoreReport extends QuoteScore {
  readonly from: string;
  readonly to: string;
  readonly models: string;
  /** Minutes of markets that had a quote and were not scored, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/** A quote of a market, the first after a whole minute. */
interface Standing {
  readonly ticker: string;
  readonly bidTicks: number | undefined;
  readonly askTicks: number | undefined;
}

/**
 * A quote counts for the whole minute before it if it came so soon after. An older quote would let the model
 * know more than the market; a later one is the price that could be traded on the model's word.
 */
const LATEST = 15 * SECOND;
/** A quarter-hour contract is listed for so long; before it there is no strike. */
const LISTED = 15 * MINUTE;
/** Online scales run for this long before the first quote. */
const RUN_IN = 31 * DAY;
/** How often outcomes are judged in the run-in, as in training. */
const JUDGED = 5 * MINUTE;

/** The first quote of every market after every whole minute before its close. */
async function standingQuotes(
  path: string,
  terms: ReadonlyMap<string, SettledTerms>,
  count: (why: string) => void,
): Promise<ReadonlyMap<Micros, readonly Standing[]>> {
  const byTicker = new Map<string, QuoteRow[]>();
  const unknown = new Set<string>();
  for await (const row of readQuotes(path)) {
    if (!terms.has(row.ticker)) {
      if (!unknown.has(row.ticker)) count('markets without a settlement');
      unknown.add(row.ticker);
      continue;
    }
    const rows = byTicker.get(row.ticker);
    if (rows) rows.push(row);
    else byTicker.set(row.ticker, [row]);
  }
  const standing = new Map<Micros, Standing[]>();
  for (const [ticker, rows] of byTicker) {
    const closeAt = terms.get(ticker)?.closeAt ?? 0;
    rows.sort((a, b) => a.at - b.at);
    let last = Number.NEGATIVE_INFINITY;
    for (const { at, ...quote } of rows) {
      const minute = Math.floor(at / MINUTE) * MINUTE;
      if (minute === last || at - minute > LATEST || at >= closeAt || minute <= closeAt - LISTED) continue;
      last = minute;
      const others = standing.get(minute);
      if (others) others.push(quote);
      else standing.set(minute, [quote]);
    }
  }
  return standing;
}

/** A contract of which only the strike is known; nothing of it but the law is used. */
const contractOf = (
  ticker: string,
  { asset, series, closeAt, floorUnits }: SettledTerms,
  decimals: number,
): Contract => ({
  ticker,
  series,
  asset,
  indexDecimals: decimals,
  event: ticker,
  strikeType: 'greater_or_equal',
  floorUnits,
  capUnits: undefined,
  openAt: closeAt - LISTED,
  closeAt,
  tickBands: [],
  exchangeIndex: undefined,
  fee: undefined,
});

/** Forecasts at the minutes that are asked for. Each is made with the bars up to its own minute. */
async function* forecasts(
  bars: readonly MinuteBar[],
  asset: Asset,
  forecaster: Forecaster,
  {
    from,
    to,
    wanted,
  }: { readonly from: Micros; readonly to: Micros; readonly wanted: (at: Micros) => boolean },
): AsyncGenerator<{ readonly bar: MinuteBar; readonly forecast: Forecast }> {
  const clock = tapeScheduler(from);
  const row$ = new Subject<MinuteRow>();
  const features = minuteFeatures(asset);
  let made: Forecast | undefined;
  const running = row$.pipe(forecaster.forecasts(clock)).subscribe((forecast) => {
    made = forecast;
  });
  try {
    for (const bar of bars) {
      const at = bar.openAt + MINUTE;
      if (at > to) break;
      if (at < from - RUN_IN || !(wanted(at) || at % JUDGED === 0)) {
        features.digest(bar);
        continue;
      }
      const row = features.push(bar);
      if (!row) continue;
      made = undefined;
      row$.next(row);
      while (clock.holding()) await clock.settle();
      const forecast = made as Forecast | undefined;
      if (wanted(at) && forecast) yield { bar, forecast };
    }
  } finally {
    running.unsubscribe();
  }
}

/**
 * Scores model, mid and blend on recorded quotes: at each whole minute of a market the model's price from the
 * bars up to that minute, and the first quote after it. The index is the bar's close with the twin's own error, so
 * contracts within two minutes of their close are not priced. Only quarter-hour markets with a strike and a
 * result count.
 */
export async function score(options: ScoreOptions): Promise<ScoreReport> {
  const { asset, pricing, progress } = options;
  const leftOut: Record<string, number> = {};
  const count = (why: string, by = 1): void => {
    leftOut[why] = (leftOut[why] ?? 0) + by;
  };
  const { outcomes, terms } = await readSettled(options.settled, [asset]);
  const results = new Map(outcomes.map(({ ticker, result }) => [ticker, result]));
  const standing = await standingQuotes(options.quotes, terms, count);
  const minutes = [...standing.keys()].sort((a, b) => a - b);
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (first === undefined || last === undefined)
    throw new Error(`score: ${options.quotes} has no quote of a market that ${options.settled} settles`);
  const bars = await readBars(options.bars, options.volume, {
    before: last,
    ...(options.now !== undefined && { now: options.now }),
  });
  const forecaster = await options.forecasterAt(first);
  const prints = printWindow(asset);
  const indexVariance = (pricing.twin.errorBasisPoints / 10_000) ** 2;
  const rows: ScoredQuote[] = [];
  let priced = 0;
  for await (const { bar, forecast } of forecasts(bars, asset, forecaster, {
    from: first,
    to: last,
    wanted: (at) => standing.has(at),
  })) {
    const { at } = forecast;
    progress?.('quotes', (at - first) / (last - first));
    const quotes = standing.get(at) ?? [];
    priced += quotes.length;
    for (const { ticker, bidTicks, askTicks } of quotes) {
      const known = terms.get(ticker);
      const result = results.get(ticker);
      if (!known || !result) continue;
      if (bidTicks === undefined || askTicks === undefined || bidTicks > askTicks) {
        count('one side of the quote is empty, or it is crossed');
        continue;
      }
      if (known.floorUnits === undefined) {
        count('the strike is not known');
        continue;
      }
      const contract = contractOf(ticker, known, asset.indexDecimals);
      const input = {
        closeAt: known.closeAt,
        now: at,
        index: {
          kind: 'index' as const,
          asset: asset.name,
          at,
          receivedAt: at,
          value: bar.close,
          source: 'twin' as const,
          variance: indexVariance,
        },
        prints,
        path: forecast.path,
        tails: forecast.tails,
      };
      const price = probabilityOf(
        contract,
        momentsOf(contract, input, pricing.law, closeMoments(input, pricing.law)),
      );
      if (price.kind === 'unpriced') {
        count(`not priced: ${price.why}`);
        continue;
      }
      rows.push({
        at,
        ticker,
        closeAt: known.closeAt,
        close: ticker,
        model: price.probability,
        mid: (bidTicks + askTicks) / 2 / DOLLAR_TICKS,
        yes: result === 'yes',
      });
    }
  }
  const all = [...standing.values()].reduce((sum, quotes) => sum + quotes.length, 0);
  if (all > priced) count('there is no forecast: bars or history are missing', all - priced);
  const iso = (at: Micros): string => new Date(at / 1_000).toISOString();
  return {
    from: iso(first),
    to: iso(last),
    models: forecaster.describe,
    leftOut,
    ...scoreQuotes(rows, {
      blend: (model, mid) => blend(model, mid, pricing.edge.blend).probability,
      advantage: options.advantage,
    }),
  };
}
