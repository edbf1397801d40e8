import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { keepModels, modelsFileOf } from '../../pipelines/run/keep-models.ts';
import { runLog } from '../../pipelines/run/run-log.ts';
import { standardChecks } from '../../src/risk/checks.ts';
import { decide } from '../../src/risk/decide.ts';
import { contextOf } from '../risk/samples.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { voltage } from '../support/voltage.ts';
import { sampleEvents } from '../telemetry/samples.ts';

const DOC = readFileSync('docs/files.md', 'utf8');
/** Keys below these are names of things, not fields. */
const NAMES = new Set(['assets', 'byCheck', 'rejectedReasons', 'connections', 'shedFrames']);

const fieldsOf = (value: unknown, named = false): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((each) => fieldsOf(each));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [
    ...(named ? [] : [key]),
    ...fieldsOf(each, NAMES.has(key)),
  ]);
};
const undocumented = (values: readonly unknown[]): readonly string[] => [
  ...new Set(fieldsOf(values).filter((field) => !DOC.includes(`\`${field}\``))),
];
const linesOf = (path: string): readonly unknown[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));

describe('docs/files.md', () => {
  const folder = tempFolder();

  test('has every field that a replay of an emulated market writes', () => {
    const tape = join(folder, 'market.tape.gz');
    expect(voltage(['generate', '--minutes', '16', '--out', tape]).code).toBe(0);
    const out = join(folder, 'run');
    expect(voltage(['backtest', tape, '--out', out]).code).toBe(0);
    const files = ['decisions', 'orders', 'fills'].flatMap((name) =>
      linesOf(join(out, `${name}.ndjson`)).slice(0, 500),
    );
    expect(files.length).toBeGreaterThan(100);
    const summary: unknown = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
    expect(undocumented([...files, summary])).toEqual([]);
  });

  test('has every field of every event that is written, and every check', () => {
    const log = runLog(folder, 'sample-');
    for (const event of sampleEvents(1_778_504_400_000_000)) log.add(event);
    log.close();
    log.summarise({});
    const lines = ['decisions', 'orders', 'fills'].flatMap((name) =>
      linesOf(join(folder, `sample-${name}.ndjson`)),
    );
    expect(lines.length).toBeGreaterThan(5);
    expect(undocumented(lines)).toEqual([]);
    const checks = decide(standardChecks, contextOf()).findings.map(({ check }) => check);
    expect(checks.filter((check) => !DOC.includes(`\`${check}\``))).toEqual([]);
  });

  test('has every field of the models that lie beside a tape', () => {
    keepModels(folder, 's', [
      { asset: 'BTC', named: 'm.json', sha256: '0', describe: 'd', runtime: 'onnx', fallback: false },
    ]);
    const kept: unknown = JSON.parse(readFileSync(modelsFileOf(folder, 's'), 'utf8'));
    expect(fieldsOf(kept)).toContain('describe');
    expect(undocumented([kept])).toEqual([]);
  });
});
