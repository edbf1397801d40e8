import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { BacktestSummary } from '../../pipelines/lanes/backtest.ts';
import { dataPath, describeData } from '../support/data.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const root = tempFolder();
/** A folder of one test's own. */
const room = (): string => mkdtempSync(join(root, 'test-'));

const SHORT = ['20260511T053113Z.tape.gz', '20260511T053341Z.tape.gz', '20260511T120912Z.tape.gz'].map(
  (name) => dataPath('tapes', name),
);
const HISTORY = ['--history', dataPath('btcusd', 'kraken-1m.csv.gz')];
const SETTLED = ['--settled', dataPath('kalshi', 'settled-kxbtc15m.csv')];
const MECHANICS = ['--config', 'config/mechanics.yaml'];

const run = (...words: readonly string[]): BacktestSummary => {
  const ended = voltage(['backtest', ...words, '--json']);
  if (ended.code !== 0) throw new Error(ended.stderr);
  return lastJson<BacktestSummary>(ended);
};

describeData('backtest on recorded tapes', () => {
  test('all 24 tapes: every frame read, no hole, no negative level, tops as the tickers say, and the machinery moves', () => {
    const summary = run(dataPath('tapes'), ...MECHANICS, ...HISTORY, ...SETTLED);
    expect(summary).toMatchObject({
      tapes: 24,
      frames: 1_352_817,
      rejectedFrames: 0,
      badLines: 0,
      label: 'mechanics',
      kalshi: { deltas: 1_254_475, sequenceGaps: 0, negativeLevels: 0, tickerComparisons: 12_129 },
    });
    expect(summary.kalshi.tickerWithinCent / summary.kalshi.tickerComparisons).toBeGreaterThan(0.986);
    expect(summary.kalshi.tickerExact / summary.kalshi.tickerComparisons).toBeGreaterThan(0.88);
    expect(summary.kalshi.crossed / summary.kalshi.deltas).toBeLessThan(0.0005);
    for (const count of [summary.decisions.approved, summary.fills, summary.settled])
      expect(count).toBeGreaterThan(0);
    expect(summary.feedsLacking).toEqual(['krakenBook', 'index']);
  });

  test('two runs decide the same, and the hash is that of the file', () => {
    const folder = room();
    const [a, b] = ['a', 'b'].map((name) =>
      run(...SHORT, ...HISTORY, ...SETTLED, '--out', join(folder, name)),
    );
    expect(a?.decisionSha256).toBe(b?.decisionSha256);
    expect(run(...SHORT, ...HISTORY, ...SETTLED).decisionSha256).toBe(a?.decisionSha256);
    const file = readFileSync(join(folder, 'a', 'decisions.ndjson'));
    expect(createHash('sha256').update(file).digest('hex')).toBe(a?.decisionSha256);
    expect(readdirSync(join(folder, 'a')).sort()).toEqual([
      'decisions.ndjson',
      'fills.ndjson',
      'orders.ndjson',
      'provenance.json',
      'summary.json',
    ]);
    const lines = file
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const checks = lines[0].findings.map(({ check }: { check: string }) => check);
    expect(checks.length).toBeGreaterThanOrEqual(20);
    for (const line of lines) {
      expect(line.findings.map(({ check }: { check: string }) => check)).toEqual(checks);
      for (const name of line.failing) expect(checks).toContain(name);
      expect(line.verdict === 'approved').toBe(line.failing.length === 0);
    }
  });

  test('one altered quote, even deep in the book, changes the hash', () => {
    const folder = room();
    const text = gunzipSync(readFileSync(SHORT[2] as string)).toString();
    const altered = join(folder, 'altered.tape');
    const plain = join(folder, 'plain.tape');
    writeFileSync(plain, text);
    const deep = /"price_dollars":"0\.0[1-9]\d0","delta_fp":"(\d+)\.00"/;
    expect(text).toMatch(deep);
    writeFileSync(
      altered,
      text.replace(deep, (match, size) => match.replace(`"${size}.00"`, `"${Number(size) + 1}.00"`)),
    );
    expect(run(altered, ...HISTORY).decisionSha256).not.toBe(run(plain, ...HISTORY).decisionSha256);
  });

  test('frames that are torn, legacy or alien are counted with their reasons and stop nothing', () => {
    const folder = room();
    const lines = gunzipSync(readFileSync(SHORT[0] as string))
      .toString()
      .trimEnd()
      .split('\n');
    const at = (line: number) => lines[line]?.split('\t')[0];
    const bad = [
      `${at(100)}\tkalshi\t{"type":"orderbook_delta","sid":1`,
      `${at(100)}\tkalshi\t{"type":"orderbook_delta","sid":1,"seq":9,"msg":{"market_ticker":"X","price":40,"delta":5,"side":"yes"}}`,
      `${at(100)}\tkraken\t[336,{"a":[["27120.00000","4.28","1693415327.935623"]],"c":"1"},"book-10","XBT/USD"]`,
      `${at(100)}\tcoinbase\t{"type":"match","price":"NaN"}`,
    ];
    const tape = join(folder, 'bad.tape');
    writeFileSync(
      tape,
      `${[...lines.slice(0, 101), ...bad, 'no frame at all', ...lines.slice(101)].join('\n')}\n`,
    );
    const summary = run(tape, ...HISTORY);
    expect(summary).toMatchObject({
      frames: lines.length + bad.length,
      rejectedFrames: bad.length,
      badLines: 1,
    });
    expect(Object.keys(summary.rejectedReasons)).toHaveLength(bad.length);
    expect(summary.kalshi.sequenceGaps).toBe(0);
  });

  test('without settlements or index prints a position stays open, and the summary says which', () => {
    const folder = room();
    const config = join(folder, 'no-files.yaml');
    writeFileSync(config, readFileSync('config/mechanics.yaml', 'utf8').replace(/^backtest:[\s\S]*/m, ''));
    const tapes = dataPath('tapes', '20260513T164021Z.tape.gz');
    const open = run(tapes, '--config', config, ...HISTORY);
    expect(open.fills).toBeGreaterThan(0);
    expect(open.settled).toBe(0);
    expect(open.open.length).toBeGreaterThan(0);
    const paid = run(tapes, '--config', config, ...HISTORY, ...SETTLED);
    expect(paid.settled).toBe(open.open.length);
    expect(paid.open).toEqual([]);
  });

  test('a run that cannot finish leaves no half-written file', () => {
    const folder = room();
    const ended = voltage(['backtest', dataPath('tapes', 'INDEX.tsv'), '--out', join(folder, 'out')]);
    expect(ended.code).not.toBe(0);
    expect(existsSync(join(folder, 'out', 'decisions.ndjson'))).toBe(false);
  });
});
