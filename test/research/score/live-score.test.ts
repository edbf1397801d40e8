import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scoreRuns } from '../../../pipelines/research/score-run.ts';
import { runsIn } from '../../../pipelines/run/run-files.ts';
import type { Decision } from '../../../src/domain/events/decision.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { ADVANTAGE, liveScorer } from '../../../src/research/score/live-score.ts';
import { decisionLine } from '../../../src/telemetry/decision-line.ts';
import '../../support/properties.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { decisionAt } from '../../telemetry/samples.ts';

const root = tempFolder();
const CLOSE_AT = Date.parse('2026-06-01T14:00:00Z') * 1_000;

const said = (
  at: number,
  ticker: string,
  closeAt: number,
  model: number | null,
  [bidTicks, askTicks]: readonly [number | undefined, number | undefined],
): Decision => {
  const made = decisionAt(at, ['edge']);
  return {
    ...made,
    ticker,
    bidTicks,
    askTicks,
    proposal: { ...made.proposal, ticker, modelProbability: model, probability: model && (model + 0.5) / 2 },
    findings: [{ check: 'toCloseMin', observed: closeAt - at, limit: 0, headroom: closeAt - at }],
  } as Decision;
};

const contract = fc.record({
  close: fc.nat({ max: 3 }),
  yes: fc.boolean(),
  settles: fc.boolean(),
  decisions: fc.array(
    fc.record({
      before: fc.nat({ max: 8 * 60 }),
      model: fc.option(fc.double({ min: 0.01, max: 0.99, noNaN: true })),
      bid: fc.option(fc.integer({ min: 2_000, max: 7_000 }), { nil: undefined, freq: 8 }),
      width: fc.integer({ min: -100, max: 400 }),
    }),
    { maxLength: 12 },
  ),
});

describe('liveScorer', () => {
  test('property: a lane scores itself as voltage score does from the files that it left', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(contract, { minLength: 3, maxLength: 8 }), async (contracts) => {
        const live = liveScorer();
        const decisions = contracts
          .flatMap(({ close, decisions: all }, i) => {
            const closeAt = CLOSE_AT + close * 15 * MINUTE;
            return all.map(({ before, model, bid, width }) => ({
              closeAt,
              decision: said(closeAt - (before + 1) * SECOND, `KXBTC15M-${i}`, closeAt, model, [
                bid,
                bid === undefined ? undefined : bid + width,
              ]),
            }));
          })
          .sort((a, b) => a.decision.at - b.decision.at);
        const results = contracts.flatMap(({ yes, settles }, i) =>
          settles ? [{ ticker: `KXBTC15M-${i}`, result: yes ? ('yes' as const) : ('no' as const) }] : [],
        );
        for (const { decision, closeAt } of decisions) live.decided(decision, closeAt);
        for (const { ticker, result } of results) live.settled(ticker, result);
        const folder = mkdtempSync(join(root, 'run-'));
        const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
        writeFileSync(
          join(folder, 'PAPER-decisions.ndjson'),
          lines(decisions.map(({ decision }, i) => decisionLine({ ...decision, id: i + 1 }))),
        );
        writeFileSync(
          join(folder, 'PAPER-fills.ndjson'),
          lines(results.map((result) => JSON.stringify({ kind: 'settlement', at: CLOSE_AT, ...result }))),
        );
        const score = live.read();
        if (!score) {
          await expect(scoreRuns(runsIn(folder), ADVANTAGE)).rejects.toThrow('has settled');
          return;
        }
        const { overall, weight, ...files } = await scoreRuns(runsIn(folder), ADVANTAGE);
        expect(score.rows).toBe(files.rows);
        expect(score.closes).toBe(files.closes);
        for (const name of ['model', 'mid', 'blend'] as const)
          expect(score.logLoss[name]).toBeCloseTo(overall.logLoss[name], 6);
        expect(score.blendMinusMid).toBeCloseTo(overall.blendMinusMid, 6);
        if (score.weight === null) expect(weight.value).toBeNaN();
        else expect(score.weight).toBeCloseTo(weight.value, 4);
        expect(score.sentence).toBe(files.sentence);
      }),
      { numRuns: 25 },
    );
  });

  test('says what is new once, and nothing before a contract has settled', () => {
    const live = liveScorer();
    live.decided(said(CLOSE_AT - MINUTE, 'A-1', CLOSE_AT, 0.7, [4_900, 5_100]), CLOSE_AT);
    expect(live.read()).toBeUndefined();
    live.settled('A-1', 'yes');
    expect(live.read()).toMatchObject({ rows: 1, closes: 1, standardError: null });
    expect(live.read()).toBeUndefined();
    live.settled('A-1', 'yes');
    expect(live.read()).toBeUndefined();
  });

  test('forgets the closes that came first, whole, when too many decisions are counted', () => {
    const live = liveScorer(ADVANTAGE, 100);
    for (let close = 0; close < 13; close++) {
      const closeAt = CLOSE_AT + close * 15 * MINUTE;
      for (let minute = 10; minute > 0; minute--)
        live.decided(said(closeAt - minute * MINUTE, `A-${close}`, closeAt, 0.6, [4_900, 5_100]), closeAt);
      live.settled(`A-${close}`, close % 2 === 0 ? 'yes' : 'no');
    }
    expect(live.read()).toMatchObject({ rows: 100, closes: 10, forgotten: 3 });
  });
});
