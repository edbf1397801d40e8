import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { EvaluateReport } from '../../pipelines/research/evaluate.ts';
import { DAY } from '../../src/domain/time.ts';
import { handFold, handModels } from '../forecast/hand-models.ts';
import { constantly } from '../forecast/members/linear-graphs.ts';
import { writeModels } from '../forecast/write-models.ts';
import { BARS_FROM, wanderingBars, writeBars } from '../pipelines/synthetic-bars.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const root = tempFolder();
const iso = (day: number): string => new Date((BARS_FROM + day * DAY) / 1_000).toISOString();
/** Days 0 to 4 and 30 to 38: the baseline is fitted on the first, everything else happens in the last. */
const bars = wanderingBars(12, 38 * 1_440).filter(
  ({ openAt }) => openAt < BARS_FROM + 4 * DAY || openAt >= BARS_FROM + 30 * DAY,
);
const files = [0, 34].map((from, i) =>
  writeBars(
    join(root, `bars-${i}.csv`),
    bars.filter(
      ({ openAt }) => openAt >= BARS_FROM + from * DAY && (i === 1 || openAt < BARS_FROM + 34 * DAY),
    ),
  ),
);
const models = writeModels(
  mkdtempSync(join(root, 'models-')),
  [
    {
      name: 'first',
      trainedUntil: iso(32),
      quantiles: constantly([-0.75, 0.5, -0.75, 0.5, -0.75, 0.5, -0.75, 0.5]),
      horizons: handFold().horizons.map((horizon) => ({ ...horizon, band: { low: -0.25, high: 0 } })),
    },
  ],
  { guard: { ...handModels().guard, worse: 1e6 } },
).path;
const evaluate = (from: number, to: number, ...words: readonly string[]) =>
  voltage([
    'evaluate',
    '--bars',
    ...files,
    '--from',
    iso(from),
    '--to',
    iso(to),
    '--models',
    models,
    ...words,
  ]);

describe('voltage evaluate', () => {
  test('joins files in time and ends in one line of JSON: scores by horizon and model', () => {
    const ended = evaluate(34, 37.8, '--json');
    expect(ended.stderr).toBe('');
    const { scores, bands, origins } = lastJson<EvaluateReport>(ended);
    expect(origins).toBeGreaterThan(1_000);
    const models = ['ewma', 'harSeason', 'harStrong', 'harX', 'lightgbm', 'patchtst', 'ensemble'] as const;
    for (const minutes of [5, 15, 30, 60])
      for (const model of models)
        expect(scores[minutes]?.[model]).toMatchObject({
          qlike: expect.any(Number),
          r2Log: expect.any(Number),
          mzSlope: expect.any(Number),
          logLoss: expect.any(Number),
          brier: expect.any(Number),
          ...(model !== 'harSeason' && { dmT: expect.any(Number) }),
        });
    for (const minutes of [5, 15, 30, 60])
      expect(bands[minutes]).toMatchObject({ origins, widthLog: expect.closeTo(1.5, 6) });
  });

  test('for people it is a table with a line for each horizon and model, the baseline’s ratio being 1', () => {
    const { code, stdout } = evaluate(34, 37.8);
    expect(code).toBe(0);
    expect(stdout).toContain('first, trained until');
    const rows = stdout.split('\n').filter((line) => /^ *\d+ [a-z]/i.test(line) && !line.includes('origins'));
    expect(rows).toHaveLength(4 * 7);
    for (const row of rows.filter((line) => line.includes('harSeason'))) expect(row).toMatch(/ 1\.000 /);
    expect(stdout).toMatch(/^ min band +origins +below +inside +above +width/m);
    expect(stdout.match(/^ +\d+ 10–90 % +\d+( +0\.\d{4}){3} +1\.5000/gm)).toHaveLength(4);
  });

  test('a span that the models have seen, or that ends before it begins, is refused in a sentence', () => {
    const seen = evaluate(31, 37.8, '--json');
    expect(seen.code).not.toBe(0);
    expect(seen.stdout).toBe('');
    expect(seen.stderr).toMatch(/every fold of the models has seen data after/);
    expect(seen.stderr).not.toMatch(/\n\s+at /);
    const backwards = evaluate(37, 34);
    expect(backwards).toMatchObject({ code: 2, stdout: '' });
    expect(backwards.stderr).toContain('--from must be before --to');
  });
});
