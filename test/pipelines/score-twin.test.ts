import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { scoreTwin } from '../../pipelines/research/score-twin.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const settings = settingsSchema.parse({});
const [asset] = settings.assets;
if (!asset) throw new Error('no asset');
const FIRST = Date.parse('2026-06-01T14:00:00Z') / 1_000;
const QUARTER = 900;

const line = (second: number, venue: string, json: object): string =>
  `${BigInt(Math.round(second * 1_000)) * 1_000_000n}\t${venue}\t${JSON.stringify(json)}\n`;
const trade = (second: number, price: number): string =>
  line(second + 0.05, 'coinbase', {
    type: 'match',
    trade_id: second,
    product_id: 'BTC-USD',
    price: price.toFixed(2),
    time: new Date(second * 1_000).toISOString(),
  });
/** A quarter-hour contract is listed some seconds after it opens; its floor is the settlement before it. */
const listed = (open: number, floor: number, seq: number): string =>
  line(open + 8, 'kalshi', {
    type: 'market_lifecycle_v2',
    sid: 3,
    seq,
    msg: {
      market_ticker: `KXBTC15M-Q${open}`,
      event_type: 'created',
      open_ts: open,
      close_ts: open + QUARTER,
      price_level_structure: 'linear_cent',
      price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0100' }],
      additional_metadata: {
        event_ticker: `KXBTC15M-E${open}`,
        strike_type: 'greater_or_equal',
        floor_strike: Number(floor.toFixed(2)),
      },
    },
  });
/** The minute before a close at one price, the listing that tells the settlement, and a trade after it. */
const close = (at: number, price: number, settled: number, seq: number): string => {
  let text = '';
  for (let second = at - 62; second < at + 3; second++) text += trade(second, price);
  return text + listed(at, settled, seq) + trade(at + 10, price);
};
const tape = (name: string, text: string): string => {
  const path = join(root, `${name}.tape`);
  writeFileSync(path, text);
  return path;
};
const BIAS = 1.00015;
const score = (tapes: readonly string[], settled?: string) =>
  scoreTwin({ tapes, settings, asset, settled, note: () => {} });

describe('scoreTwin', () => {
  test('a venue that stands below the index is found out by the first settlement, also in the next recording', async () => {
    const two = [0, 1].map((part) =>
      tape(
        `steady-${part}`,
        [0, 1].map((i) => close(FIRST + (2 * part + i) * QUARTER, 80_000, 80_000 * BIAS, i + 1)).join(''),
      ),
    );
    const { closes, learning, without, squaredDifference } = await score(two);
    expect(closes.map(({ closeAt }) => closeAt.slice(11, 16))).toEqual(['14:15', '14:30', '14:45']);
    expect(without.rmsBasisPoints).toBeCloseTo(1.5, 2);
    expect(without.statedBasisPoints).toBeCloseTo(settings.pricing.twin.errorBasisPoints, 6);
    expect(learning.rmsBasisPoints).toBeLessThan(0.02);
    expect(learning.statedBasisPoints).toBeLessThan(without.statedBasisPoints);
    expect(squaredDifference.mean).toBeCloseTo(-2.25, 1);
  });

  test('what a close teaches is not used for that close itself', async () => {
    const steps = tape(
      'steps',
      [1, 1.0001, 1.0003].map((bias, i) => close(FIRST + i * QUARTER, 80_000, 80_000 * bias, i + 1)).join(''),
    );
    const { closes } = await score([steps]);
    expect(closes[0]?.withoutBasisPoints).toBeCloseTo(1, 1);
    expect(closes[0]?.learningBasisPoints).toBeCloseTo(1, 1);
  });

  test('a file of settlements tells closes that no recording does, and the twin does not see it', async () => {
    const quiet = tape(
      'quiet',
      [0, 1, 2]
        .map((i) => close(FIRST + i * QUARTER, 80_000, 80_000, 1).replace(/^.*lifecycle.*\n/m, ''))
        .join(''),
    );
    await expect(score([quiet])).rejects.toThrow(/hold 0 minutes before a close/);
    const csv = join(root, 'settled.csv');
    writeFileSync(
      csv,
      `market_ticker,series,close_time_utc,floor_strike,expiration_value,result,settlement_ts\n${[0, 1, 2]
        .map((i) => {
          const at = new Date((FIRST + i * QUARTER) * 1_000).toISOString().replace('.000', '');
          return `KXBTC15M-S${i},KXBTC15M,${at},79000,${(80_000 * BIAS).toFixed(2)},yes,\n`;
        })
        .join('')}`,
    );
    const { learning, without } = await score([quiet], csv);
    expect(without.rmsBasisPoints).toBeCloseTo(1.5, 2);
    expect(learning.rmsBasisPoints).toBeCloseTo(1.5, 2);
  });
});
