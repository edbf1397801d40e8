import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { BacktestSummary } from '../../pipelines/lanes/backtest.ts';
import { writeModels } from '../forecast/write-models.ts';
import { dataPath, describeData } from '../support/data.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Ended, lastJson, voltage } from '../support/voltage.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'test-'));

const TAPE = dataPath('tapes', '20260511T053113Z.tape.gz');
const HISTORY = ['--history', dataPath('btcusd', 'kraken-1m.csv.gz')];

/** A manifest whose trees have a byte too many. */
const broken = (): string => {
  const { path } = writeModels(room());
  appendFileSync(join(path, '..', 'first', 'lightgbm.onnx'), '!');
  return path;
};
const backtest = (out: string, ...words: readonly string[]): Ended =>
  voltage(['backtest', TAPE, ...HISTORY, '--out', out, '--json', ...words]);
/** Who forecast what decisions rest on, without those that had no forecast yet. */
const modelsOf = (out: string): readonly string[] => {
  const lines = readFileSync(join(out, 'decisions.ndjson'), 'utf8').trimEnd().split('\n');
  const models = lines.map((line) => (JSON.parse(line) as { model: string | null }).model);
  expect(models.length).toBeGreaterThan(20);
  return [...new Set(models)].filter((model) => model !== null);
};

describeData('who forecasts a back-test', () => {
  test('with a broken manifest it refuses in a sentence, and leaves nothing', () => {
    const out = join(room(), 'out');
    const { code, stdout, stderr } = backtest(out, '--models', broken());
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/lightgbm\.onnx is not the file that the manifest means.*or run with --fallback/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(out, 'decisions.ndjson'))).toBe(false);
  });

  test('with a broken manifest and --fallback it runs, and every decision that rests on a forecast says fallback', () => {
    const out = join(room(), 'out');
    const ended = backtest(out, '--models', broken(), '--fallback');
    expect(ended.code).toBe(0);
    expect(lastJson<BacktestSummary>(ended).forecasts).toBeGreaterThan(0);
    expect(modelsOf(out)).toEqual(['fallback']);
  });

  test('with models that hold every decision says ensemble, with a backbone that was chosen it says backbone', () => {
    const [a, b, c] = [room(), room(), room()];
    const { path } = writeModels(room());
    expect(backtest(a, '--models', path).code).toBe(0);
    expect(modelsOf(a)).toEqual(['ensemble']);
    expect(backtest(b, '--model', 'models/backbone.json').code).toBe(0);
    expect(modelsOf(b)).toEqual(['backbone']);
    // The same models decide the same, whatever the machine did meanwhile.
    expect(backtest(c, '--models', path, '--fallback').code).toBe(0);
    const lines = (folder: string): string => readFileSync(join(folder, 'decisions.ndjson'), 'utf8');
    expect(lines(c)).toBe(lines(a));
    expect(lines(b)).not.toBe(lines(a));
  });
});
