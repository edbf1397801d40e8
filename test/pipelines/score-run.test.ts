import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type RunScore, scoreRuns } from '../../pipelines/research/score-run.ts';
import { runsIn } from '../../pipelines/run/run-files.ts';
import type { Decision } from '../../src/domain/events/decision.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { decisionLine } from '../../src/telemetry/decision-line.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { decisionAt } from '../telemetry/samples.ts';

const root = tempFolder();
const CLOSE_AT = Date.parse('2026-06-01T14:00:00Z') * 1_000;
const T = 'KXBTC15M-26JUN011000-00';
let ids = 0;

const decision = (
  at: number,
  model: number | null,
  [bid, ask]: readonly [number | undefined, number | undefined],
  {
    ticker = T,
    closeAt = CLOSE_AT,
    probability = model,
  }: { ticker?: string; closeAt?: number; probability?: number | null } = {},
): string => {
  const made = decisionAt(at, ['edge']);
  return decisionLine({
    ...made,
    id: ++ids,
    ticker,
    bidTicks: bid,
    askTicks: ask,
    proposal: { ...made.proposal, ticker, modelProbability: model, probability },
    findings: [{ check: 'toCloseMin', observed: closeAt - at, limit: 0, headroom: closeAt - at }],
  } as Decision);
};
const fill = (at: number, side: 'bid' | 'ask', priceTicks: number, ticker = T): string =>
  JSON.stringify({ kind: 'fill', ticker, at, side, priceTicks, count: 200, taker: true, fee: 30_000 });
const settlement = (result: 'yes' | 'no', ticker = T): string =>
  JSON.stringify({ kind: 'settlement', ticker, at: CLOSE_AT + SECOND, result });

const run = (decisions: readonly string[], fills: readonly string[]): Promise<RunScore> => {
  const folder = mkdtempSync(join(root, 'run-'));
  writeFileSync(join(folder, 'PAPER-decisions.ndjson'), decisions.map((line) => `${line}\n`).join(''));
  writeFileSync(join(folder, 'PAPER-fills.ndjson'), fills.map((line) => `${line}\n`).join(''));
  return scoreRuns(runsIn(folder), 0.001);
};
const at = (minutes: number, seconds = 1): number => CLOSE_AT - minutes * MINUTE + seconds * SECOND;

describe('scoreRuns', () => {
  test('takes the first decision of each minute with the blend that it was made on', async () => {
    const score = await run(
      [
        decision(at(5), 0.7, [4_900, 5_100], { probability: 0.6 }),
        decision(at(5, 3), 0.1, [900, 1_100]),
        // The minute's first comes too late to stand for it.
        decision(at(4, 16), 0.1, [900, 1_100]),
        decision(at(3), 0.8, [5_900, 6_100], { probability: 0.75 }),
      ],
      [settlement('yes')],
    );
    expect(score.rows).toBe(2);
    const mean = (a: number, b: number): number => (-Math.log(a) - Math.log(b)) / 2;
    expect(score.overall.logLoss.model).toBeCloseTo(mean(0.7, 0.8), 12);
    expect(score.overall.logLoss.mid).toBeCloseTo(mean(0.5, 0.6), 12);
    expect(score.overall.logLoss.blend).toBeCloseTo(mean(0.6, 0.75), 12);
  });

  test('strikes of one series and close are one observation', async () => {
    const others = [1, 2, 3].map((i) => `KXBTCD-26JUN0110-T${i}`);
    const score = await run(
      [
        decision(at(5), 0.7, [4_900, 5_100]),
        ...others.map((ticker) => decision(at(5), 0.4, [4_900, 5_100], { ticker })),
      ],
      [settlement('yes'), ...others.map((ticker) => settlement('no', ticker))],
    );
    expect([score.markets, score.closes]).toEqual([4, 2]);
  });

  test('what cannot be scored is counted by its reason', async () => {
    const open = 'KXBTC15M-OPEN';
    const score = await run(
      [
        decision(at(6), 0.5, [undefined, 5_100]),
        decision(at(5), null, [4_900, 5_100]),
        decision(at(4), 0.5, [4_900, 5_100]),
        decision(at(4), 0.5, [4_900, 5_100], { ticker: open }),
        '{"id":9,"at":17',
      ],
      [settlement('no')],
    );
    expect(score.leftOut).toEqual({
      'one side of the book is empty, or it is crossed': 1,
      'not priced': 1,
      'the contract has not settled': 1,
    });
  });

  test('a fill is marked by the first middle at or after each second, if it comes soon enough', async () => {
    const bought = at(10, 0);
    const { markouts } = await run(
      [
        decision(at(10), 0.5, [4_000, 4_200]),
        decision(bought + 1.5 * SECOND, 0.5, [4_100, 4_300]),
        decision(bought + 9.9 * SECOND, 0.5, [4_400, 4_600]),
        // Half a minute after the fill the book was empty; a minute after it came back too late.
        decision(bought + 30 * SECOND, 0.5, [undefined, 4_600]),
        decision(bought + 66 * SECOND, 0.5, [8_000, 8_200]),
      ],
      [fill(bought, 'bid', 4_000), fill(bought, 'ask', 4_000), settlement('yes')],
    );
    const [yes, no] = markouts;
    expect(markouts).toHaveLength(2);
    expect(yes).toMatchObject({ tactic: 'take', side: 'bid', fromMinutes: 7, fills: 1, contracts: 2 });
    expect(yes?.seconds[1].mean).toBeCloseTo(0.01, 12);
    expect(no?.seconds[1].mean).toBeCloseTo(-0.01, 12);
    expect(yes?.seconds[5].mean).toBeCloseTo(0.05, 12);
    expect(yes?.seconds[30].fills).toBe(0);
    expect(yes?.seconds[60].fills).toBe(0);
    expect(yes?.settlement.mean).toBeCloseTo(0.6, 12);
    // Three cents of fee on two contracts.
    expect(yes?.settlementAfterFees.mean).toBeCloseTo(0.585, 12);
    expect(no?.settlementAfterFees.mean).toBeCloseTo(-0.615, 12);
  });

  test('fills of contracts that have not settled are open, not worth nothing', async () => {
    const open = 'KXBTC15M-OPEN';
    const score = await run(
      [decision(at(5), 0.5, [4_900, 5_100]), decision(at(5), 0.5, [4_900, 5_100], { ticker: open })],
      [fill(at(5), 'bid', 5_000, open), settlement('yes')],
    );
    expect(score.openFills).toBe(1);
    expect(score.markouts[0]?.settlement.fills).toBe(0);
  });

  test('a run of which nothing has settled is refused', async () => {
    await expect(run([decision(at(5), 0.5, [4_900, 5_100])], [])).rejects.toThrow(
      /has settled there; give --quotes and --settled/,
    );
  });
});
