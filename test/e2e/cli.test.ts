import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { BacktestSummary } from '../../pipelines/lanes/backtest.ts';
import type { DemoSummary } from '../../pipelines/lanes/demo.ts';
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
    refused(['demo', '--speed', 'fast'], /--speed must be a number from 1 to 200/);
    refused(['paper', '--speed', '2'], /--speed is for --venues emulated or --tape/);
    refused(['paper', '--fault', 'drop:kraken'], /a fault is written kind@time/);
    refused(['emulate', '--kraken-port', '70000'], /whole number from 0 to 65535/);
    refused(['record'], /--out/);
    refused(['history', '--out', 'x.csv'], /either --days N or --from UTC/);
    refused(['history', '--import', 'nowhere.csv', '--out', 'x.csv'], /there is no nowhere\.csv/);
    refused(['backtest', 'nowhere.tape'], /there is no nowhere\.tape/);
    refused(['backtest', 'README.md', '--history', 'nowhere.csv'], /there is no nowhere\.csv/);
    refused(
      ['fit-backbone', '--bars', 'README.md', '--until', 'May'],
      /a UTC date or time such as 2026-05-11/,
    );
  });

  test('a bad configuration is refused by file, line, key and value', () => {
    const file = join(room(), 'v.yaml');
    writeFileSync(file, 'risk:\n  ordersOpenMax: many\n');
    refused(['demo', '--config', file], /v\.yaml:2: risk\.ordersOpenMax: .*was "many"/);
  });

  test('help is no error', () => {
    const { code, stdout } = voltage(['--help']);
    expect(code).toBe(0);
    for (const command of [
      'demo',
      'paper',
      'record',
      'backtest',
      'emulate',
      'generate',
      'history',
      'fit-backbone',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });
});

describe('voltage generate and backtest', () => {
  const tapeOf = (minutes: number, ...words: readonly string[]): string => {
    const tape = join(room(), 'emulated.tape.gz');
    expect(voltage(['generate', '--minutes', String(minutes), '--out', tape, ...words])).toMatchObject({
      code: 0,
    });
    return tape;
  };
  const replayed = (tape: string, ...words: readonly string[]): BacktestSummary => {
    const ended = voltage(['backtest', tape, '--json', ...words]);
    expect(ended.code).toBe(0);
    return lastJson<BacktestSummary>(ended);
  };

  test('a generated tape warms itself, is whole, and settles a quarter-hour', () => {
    const summary = replayed(tapeOf(16));
    expect(summary).toMatchObject({
      rejectedFrames: 0,
      kraken: { checksumsFailed: 0, tradeGaps: 0 },
      kalshi: { sequenceGaps: 0, negativeLevels: 0 },
      feedsLacking: [],
    });
    expect(summary.kraken.checksumsPassed).toBeGreaterThan(1_000);
    expect(summary.outcomes).toBeGreaterThan(0);
    expect(summary.forecasts).toBeGreaterThan(0);
  });

  test('a tape of one seed is the same each time and decides the same, one of another seed decides otherwise', () => {
    const [tape, again] = [tapeOf(2), tapeOf(2)];
    expect(readFileSync(again).equals(readFileSync(tape))).toBe(true);
    const { decisionSha256, decisions } = replayed(tape);
    expect(decisions.approved + decisions.abstained).toBeGreaterThan(0);
    expect(replayed(again).decisionSha256).toBe(decisionSha256);
    expect(replayed(tapeOf(2, '--seed', 'another')).decisionSha256).not.toBe(decisionSha256);
  });
});

describe('voltage demo', () => {
  test('runs over real sockets, says SIMULATED everywhere, settles a quarter-hour, and its tape replays to its hash', () => {
    const folder = room();
    const out = join(folder, 'out');
    const tapes = join(folder, 'tapes');
    const words = ['demo', '--speed', '120', '--minutes', '16', '--out', out, '--record', tapes];
    const ended = voltage([...words, '--json']);
    expect(ended.code).toBe(0);
    const summary = lastJson<DemoSummary>(ended);
    expect(summary).toMatchObject({
      lane: 'demo',
      notice: 'SIMULATED',
      rejectedFrames: 0,
      kraken: { checksumsFailed: 0, tradeGaps: 0 },
      kalshi: { sequenceGaps: 0, negativeLevels: 0 },
      connections: { kraken: { opened: 1, closed: 0 }, kalshi: { opened: 1, closed: 0 } },
    });
    expect(summary.kraken.checksumsPassed).toBeGreaterThan(1_000);
    expect(summary.outcomes).toBeGreaterThan(0);
    const files = readdirSync(out);
    expect(files.length).toBe(5);
    for (const file of files) expect(file).toMatch(/^SIMULATED-/);
    expect(readFileSync(join(out, 'SIMULATED-summary.json'), 'utf8')).toContain('"notice": "SIMULATED"');

    const settings = join(tapes, `${summary.session}.settings.json`);
    const replay = voltage(['backtest', tapes, '--json']);
    // With nothing else said a recording replays with its own settings, and names them.
    expect(replay.stderr).toContain(`settings of the recording: ${settings}\n`);
    expect(lastJson<BacktestSummary>(replay)).toMatchObject({
      label: 'demo',
      frames: summary.frames,
      decisionSha256: summary.decisionSha256,
      warnings: [],
    });
  });

  test('for people, screen and summary both say SIMULATED', () => {
    const { code, stdout, stderr } = voltage(['demo', '--speed', '60', '--minutes', '2']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\nSIMULATED: emulated venues/);
    for (const line of stderr.trimEnd().split('\n')) if (line !== '') expect(line).toMatch(/^SIMULATED/);
  });
});
