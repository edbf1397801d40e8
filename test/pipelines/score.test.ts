import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadBackbone } from '../../pipelines/load/load-backbone.ts';
import { type ScoreReport, score } from '../../pipelines/research/score.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { DAY, MILLISECOND, MINUTE, SECOND } from '../../src/domain/time.ts';
import { backboneForecaster } from '../../src/forecast/serve/forecaster.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { BTC } from '../support/btc.ts';
import { random } from '../support/random.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { BARS_FROM, wanderingBars, writeBars } from './synthetic-bars.ts';

const root = tempFolder();
const QUARTER = 15 * MINUTE;
/** The first close: after the history that the backbone needs. */
const FIRST = BARS_FROM + 9 * DAY;
const MARKETS = 40;

const bars = wanderingBars(3, (9 * DAY + MARKETS * QUARTER) / MINUTE + 60);
const closeOf = (at: number): number => (bars[(at - BARS_FROM) / MINUTE - 1] as MinuteBar).close;
const iso = (at: number): string => new Date(at / MILLISECOND).toISOString().replace('.000', '');
const ticker = (i: number): string => `KXBTC15M-${i}`;

interface Quote {
  readonly at: number;
  readonly ticker: string;
  readonly bid: string;
  readonly ask: string;
}

/** Quotes two seconds after each minute, by a maker who knows nothing but the strike; and what settles them. */
const made = () => {
  const { uniform } = random(8);
  const quotes: Quote[] = [];
  const settled: string[] = [];
  for (let i = 0; i < MARKETS; i++) {
    const closeAt = FIRST + (i + 1) * QUARTER;
    const strike = closeOf(closeAt - QUARTER);
    const value = closeOf(closeAt);
    settled.push(
      `${ticker(i)},KXBTC15M,${iso(closeAt)},${strike.toFixed(2)},${value.toFixed(2)},${value >= strike ? 'yes' : 'no'},${iso(closeAt + 10 * SECOND)}`,
    );
    for (let minute = 14; minute >= 1; minute--) {
      const bid = 0.3 + 0.4 * uniform();
      quotes.push({
        at: closeAt - minute * MINUTE + 2 * SECOND,
        ticker: ticker(i),
        bid: bid.toFixed(2),
        ask: (bid + 0.02).toFixed(2),
      });
    }
  }
  return { quotes, settled };
};
const { quotes, settled } = made();
let files = 0;

const run = async (given: readonly Quote[], known = settled, history = bars): Promise<ScoreReport> => {
  const here = (name: string): string => join(root, `${++files}-${name}`);
  const quotesAt = here('quotes.csv');
  const rows = given.map(({ at, ticker: name, bid, ask }) => `${at / MILLISECOND},${name},${bid},${ask}\n`);
  writeFileSync(quotesAt, `utc_ms,market_ticker,yes_bid,yes_ask\n${rows.join('')}`);
  const settledAt = here('settled.csv');
  writeFileSync(
    settledAt,
    `market_ticker,series,close_time_utc,floor_strike,expiration_value,result,settlement_ts\n${known.join('\n')}\n`,
  );
  return score({
    asset: BTC,
    pricing: pricingSettings.parse({}),
    forecasterAt: async () => backboneForecaster(loadBackbone()),
    quotes: quotesAt,
    settled: settledAt,
    bars: [writeBars(here('bars.csv'), history)],
    volume: [],
    advantage: 0.0005,
  });
};

describe('score on recorded quotes', () => {
  let whole: ScoreReport;
  beforeAll(async () => {
    whole = await run(quotes);
  });

  test('counts each market once, by the minutes that can be priced', () => {
    expect(whole.markets).toBe(MARKETS);
    // One minute before the close the twin may not price.
    expect(whole.leftOut).toEqual({ 'not priced: twinNearClose': MARKETS });
    expect(whole.rows).toBe(MARKETS * 13);
    expect(whole.buckets.map(({ fromMinutes, rows }) => [fromMinutes, rows])).toEqual([
      [0, MARKETS],
      [3, 4 * MARKETS],
      [7, 8 * MARKETS],
    ]);
  });

  test('a model of the index beats a maker who does not look at it', () => {
    expect(whole.overall.logLoss.model).toBeLessThan(whole.overall.logLoss.mid);
    expect(whole.weight.value).toBeGreaterThan(0.5);
    expect(whole.sentence).toMatch(/^yes: /);
  });

  test('nothing of the future is used: later bars and later quotes change no earlier row', async () => {
    const half = quotes.slice(0, quotes.length / 2);
    const earlier = settled.slice(0, MARKETS / 2);
    const before = await run(half, earlier);
    const until = FIRST + (MARKETS / 2) * QUARTER;
    const other = bars.map((bar) =>
      bar.openAt < until ? bar : { ...bar, close: bar.open, high: bar.open, low: bar.open },
    );
    expect(await run(half, earlier, other)).toEqual(before);
    const late = half.map((quote) => ({ ...quote, at: quote.at + 20 * SECOND, bid: '0.01', ask: '0.02' }));
    expect(await run([...half, ...late], earlier)).toEqual(before);
  });

  test('what is left out is counted by its reason', async () => {
    const strange: readonly Quote[] = [
      { at: FIRST + MINUTE, ticker: 'KXBTC15M-UNHEARD', bid: '0.4', ask: '0.5' },
      { at: FIRST + 3 * QUARTER + MINUTE + SECOND, ticker: ticker(3), bid: '', ask: '0.5' },
      { at: FIRST + 5 * QUARTER + MINUTE + SECOND, ticker: ticker(5), bid: '0.6', ask: '0.5' },
      // Before it is listed, and after its close.
      { at: FIRST + 6 * QUARTER - SECOND, ticker: ticker(6), bid: '0.4', ask: '0.5' },
      { at: FIRST + 8 * QUARTER + SECOND, ticker: ticker(7), bid: '0.4', ask: '0.5' },
    ];
    const known = settled.map((line, i) => (i === 9 ? line.replace(/Z,[\d.]+,[\d.]+/, 'Z,,') : line));
    const report = await run([...quotes, ...strange], known);
    expect(report.leftOut).toEqual({
      'not priced: twinNearClose': MARKETS - 1,
      'markets without a settlement': 1,
      'one side of the quote is empty, or it is crossed': 2,
      'the strike is not known': 14,
    });
    expect(report.markets).toBe(MARKETS - 1);
  });

  test('a quote that comes long after a minute does not stand for it', async () => {
    const late = quotes.map((quote, i) => (i % 14 === 0 ? { ...quote, at: quote.at + 14 * SECOND } : quote));
    expect((await run(late)).rows).toBe(whole.rows - MARKETS);
  });

  test('files that have nothing in common are refused', async () => {
    await expect(run([{ at: FIRST, ticker: 'OTHER', bid: '0.4', ask: '0.5' }])).rejects.toThrow(
      /has no quote of a market that .* settles/,
    );
  });
});
