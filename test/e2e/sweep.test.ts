import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { SweepSummary } from '../../pipelines/lanes/sweep.ts';
import { dataPath, describeData } from '../support/data.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const root = tempFolder();

describeData('voltage sweep over threads', () => {
  const tape = dataPath('tapes', '20260511T120912Z.tape.gz');
  const grid = join(root, 'grid.json');
  writeFileSync(
    grid,
    JSON.stringify({ risk: { indexSourcesMin: [1, 2], orderCooldownMicros: [1_000_000, 30_000_000] } }),
  );
  const swept = (...words: readonly string[]) => voltage(['sweep', tape, '--grid', grid, '--json', ...words]);

  test('each desk decides what it decides in one thread, in the order of the grid', () => {
    const [one, three] = ['1', '3'].map((threads) => {
      const ended = swept('--threads', threads);
      expect(ended).toMatchObject({ code: 0 });
      return lastJson<SweepSummary>(ended);
    });
    const result = (summary: SweepSummary | undefined) => {
      const { cpuSeconds: _, wallSeconds: __, ...rest } = summary ?? ({} as SweepSummary);
      return rest;
    };
    expect(new Set(one?.hashes).size).toBeGreaterThan(1);
    expect(result(three)).toEqual(result(one));
  });

  test('a thread that cannot go on is told in its sentence, and no file is left', () => {
    const folder = mkdtempSync(join(root, 'failed-'));
    const out = join(folder, 'out.parquet');
    const history = join(folder, 'bars.csv');
    writeFileSync(history, 'not,bars\n');
    const ended = swept('--threads', '2', '--history', history, '--out', out);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(history);
    expect(existsSync(out)).toBe(false);
  });
});
