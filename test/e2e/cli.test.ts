import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { DemoSummary } from '../../pipelines/demo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const root = tempFolder();
/** A folder of one test's own. */
const room = (): string => mkdtempSync(join(root, 'test-'));

const refused = (words: readonly string[], why: RegExp): void => {
  const { code, stderr, stdout } = voltage(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(why);
};

describe('voltage', () => {
  test('an unknown flag, an unknown command and a missing argument are refused with exit 2', () => {
    refused(['demo', '--fast'], /unknown option '--fast'/);
    refused(['trade'], /unknown command 'trade'/);
    refused(['backtest'], /missing required argument/);
    refused(['fit-backbone'], /--bars/);
  });

  test('bad values are refused with what is needed', () => {
    refused(['demo', '--minutes', '0'], /whole number from 1 to 1440/);
    refused(['demo', '--speed', 'fast'], /--speed must be max or a number/);
    refused(['backtest', 'nowhere.tape'], /there is no nowhere\.tape/);
    refused(['backtest', 'README.md', '--history', 'nowhere.csv'], /there is no nowhere\.csv/);
    refused(['fit-backbone', '--bars', 'README.md', '--until', 'May'], /a UTC date such as 2026-05-11/);
  });

  test('a bad configuration is refused by file, line, key and value', () => {
    const file = join(room(), 'v.yaml');
    writeFileSync(file, 'risk:\n  ordersOpenMax: many\n');
    refused(['demo', '--config', file], /v\.yaml:2: risk\.ordersOpenMax: .*was "many"/);
  });

  test('help is no error', () => {
    const { code, stdout } = voltage(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/demo[\s\S]*backtest[\s\S]*fit-backbone/);
  });
});

describe('voltage demo', () => {
  const demo = (...words: readonly string[]) =>
    voltage(['demo', '--speed', 'max', '--minutes', '16', ...words]);

  test('runs the whole graph, says SIMULATED everywhere, settles a quarter-hour, and repeats itself', () => {
    const out = room();
    const ended = demo('--json', '--out', out);
    expect(ended.code).toBe(0);
    const summary = lastJson<DemoSummary>(ended);
    expect(summary).toMatchObject({
      lane: 'demo',
      notice: 'SIMULATED',
      rejectedFrames: 0,
      kraken: { checksumsFailed: 0, tradeGaps: 0 },
      kalshi: { sequenceGaps: 0, negativeLevels: 0 },
      feedsLacking: [],
    });
    expect(summary.kraken.checksumsPassed).toBeGreaterThan(1_000);
    expect(summary.outcomes).toBeGreaterThan(0);
    expect(summary.forecasts).toBeGreaterThan(0);
    const files = readdirSync(out);
    expect(files.length).toBe(4);
    for (const file of files) expect(file).toMatch(/^SIMULATED-/);
    expect(readFileSync(join(out, 'SIMULATED-summary.json'), 'utf8')).toContain('"notice": "SIMULATED"');

    const again = lastJson<DemoSummary>(demo('--json'));
    expect(again.decisionSha256).toBe(summary.decisionSha256);
    expect(lastJson<DemoSummary>(demo('--json', '--seed', 'another')).decisionSha256).not.toBe(
      summary.decisionSha256,
    );
  }, 120_000);

  test('for people, screen and summary both say SIMULATED', () => {
    const { code, stdout, stderr } = demo('--minutes', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\nSIMULATED: emulated venues/);
    for (const line of stderr.trimEnd().split('\n')) expect(line).toMatch(/^SIMULATED/);
  }, 60_000);
});
