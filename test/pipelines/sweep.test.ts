import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { backtest } from '../../pipelines/lanes/backtest.ts';
import { generate } from '../../pipelines/lanes/generate.ts';
import { sweep } from '../../pipelines/lanes/sweep.ts';
import { parseGrid } from '../../src/config/grid.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { forecaster, settingsOf } from './market.ts';

const folder = tempFolder();
const GRID = {
  'risk.edgeMinDollars': [0, 0.03],
  'execution.paper.takeLatencyMicros': [0, 900_000],
};

describe('sweep', () => {
  test('each desk decides what a back-test with its settings decides, and its row says what came of it', async () => {
    const settings = settingsOf({ spanMinutes: 3, historyMinutes: 10_140 });
    const path = join(folder, 'made.tape');
    await generate(settings.emulator, settings.assets, path);
    const inputs = {
      tapes: [path],
      history: [],
      settled: undefined,
      openForecasters: async () => () => forecaster,
    };
    const grid = parseGrid('grid', JSON.stringify(GRID), settings);
    if (grid.kind === 'configProblem') throw new Error(grid.why);
    const out = join(folder, 'swept.parquet');
    const swept = await sweep({ ...inputs, points: grid.points, out });
    const alone = [];
    for (const point of grid.points)
      alone.push(await backtest({ ...inputs, out: undefined, settings: point.settings }));

    expect(swept.hashes).toEqual(alone.map(({ decisionSha256 }) => decisionSha256));
    expect(new Set(swept.hashes).size).toBe(4);
    expect(swept.results).toEqual(
      alone.map(({ decisions, orders, fills, pnlDollars, feesDollars, cashDollars, worstDollars }) => ({
        approved: decisions.approved,
        abstained: decisions.abstained,
        orders,
        fills,
        pnlDollars,
        feesDollars,
        cashDollars: cashDollars ?? 200,
        worstDollars,
      })),
    );
    for (const [i, { fills, pnlDollars }] of swept.results.entries()) {
      const { profit, tactics, openFills } = swept.trades[i] as (typeof swept.trades)[number];
      expect(tactics.reduce((sum, each) => sum + each.fills, 0)).toBe(fills);
      if (openFills === 0) expect(profit.dollars).toBeCloseTo(pnlDollars, 6);
    }
    expect(swept.results.some(({ fills }) => fills > 0)).toBe(true);
    expect(swept).toMatchObject({ desks: 4, tapes: 1, frames: alone[0]?.frames });

    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(out) });
    expect(rows).toEqual(
      swept.results.map((result, i) => ({
        point: i + 1,
        settings: JSON.stringify(swept.settings[i]),
        ...result,
        decisionSha256: swept.hashes[i],
      })),
    );
  });
});
