import { describe, expect, test } from '@jest/globals';
import { summariser } from '../../pipelines/run/summary.ts';
import { describeRun } from '../../src/cli/describe-run.ts';
import { BTC } from '../support/assets.ts';

type Run = Parameters<typeof describeRun>[0];

const run = (changes: Partial<Run> = {}): Run => ({
  ...summariser([BTC]).read(),
  lane: 'backtest',
  label: 'default',
  frames: 1_352_817,
  wallSeconds: 12.5,
  framesPerSecond: 108_225,
  from: '2026-05-11T00:00:00.000Z',
  until: '2026-05-13T00:00:00.000Z',
  backwards: 0,
  decisionSha256: 'abc',
  ...changes,
});
const lineOf = (head: string, changes: Partial<Run> = {}): string | undefined =>
  describeRun(run(changes)).find((line) => line.startsWith(head));

describe('describeRun', () => {
  test('names the lane, the label, the span and the hash', () => {
    const lines = describeRun(run());
    expect(lines[0]).toBe('backtest · default · 2026-05-11T00:00:00.000Z to 2026-05-13T00:00:00.000Z');
    expect(lines.at(-1)).toBe('hash        abc');
    for (const line of lines) expect(line).not.toMatch(/undefined|NaN|\n/);
  });

  test('large counts are grouped, so that they can be read', () => {
    expect(lineOf('frames')).toBe('frames      1,352,817 in 12.5 s (108,225/s), 0 rejected');
  });

  test('says why it stayed out, the commonest reason first, eight at most', () => {
    const byCheck = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`check${i}`, (i + 1) * 1_000]));
    expect(lineOf('stayed out', { decisions: { approved: 0, abstained: 78_000, byCheck } })).toBe(
      `stayed out  ${[12, 11, 10, 9, 8, 7, 6, 5].map((n) => `check${n - 1} ${n},000`).join(' · ')}`,
    );
    expect(lineOf('stayed out')).toBe('stayed out  never');
  });

  test('a loss has its sign before the dollar, and no run is called a proof', () => {
    expect(lineOf('P&L', { pnlDollars: -1.5, feesDollars: 0.25 })).toBe(
      'P&L         −$1.5000 realised after $0.2500 fees; a record of this run, no claim about another',
    );
    expect(lineOf('P&L', { pnlDollars: 2 })).toContain('$2.0000 realised');
  });

  test('a share of nothing is not a number of percent', () => {
    const { kalshi } = summariser([BTC]).read();
    const lines = describeRun(run());
    expect(lines.find((line) => line.includes('within a cent'))).toContain(
      'none possible, exact in none possible',
    );
    const some = { ...kalshi, tickerComparisons: 1_000, tickerWithinCent: 987, tickerExact: 885 };
    expect(describeRun(run({ kalshi: some })).find((line) => line.includes('within a cent'))).toContain(
      '98.7 % of 1,000, exact in 88.5 % of 1,000',
    );
  });

  test('a connection has its line with what it went through and what was refused, and only if there was one', () => {
    expect(lineOf('connection')).toBeUndefined();
    const { connections } = summariser([BTC]).read();
    const kraken = {
      opened: 2,
      closed: 1,
      resyncs: 3,
      shed: 0,
      refused: ['Subscription depth not supported'],
      clockOffsetMs: -12.34,
    };
    expect(lineOf('connection', { connections: { ...connections, kraken } })).toBe(
      'connection  kraken opened 2, lost 1, asked anew 3, shed 0; clock -12.3 ms off ours; refused: Subscription depth not supported',
    );
  });

  test('what is missing, open, rejected or damaged has a line of its own, and only then', () => {
    for (const head of ['lacking', 'open', 'lacks', 'warning']) expect(lineOf(head)).toBeUndefined();
    const lines = describeRun(
      run({
        feedsLacking: ['krakenBook', 'index'],
        lacks: ['history: none'],
        warnings: ['x.tape: damaged', 'y.tape: damaged'],
        rejectedReasons: { 'kalshi: not JSON': 1_234 },
      }),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'lacking     krakenBook, index (not waited for)',
        'lacks       history: none',
        'warning     x.tape: damaged',
        'warning     y.tape: damaged',
        '              1,234 × kalshi: not JSON',
      ]),
    );
  });

  test('open positions are told with their mark, their worst outcome and whether they have closed', () => {
    const position = (ticker: string, contracts: number, closesAt: string, markedDollars?: number) => ({
      ticker,
      contracts,
      closesAt,
      markedDollars,
    });
    const lines = describeRun(
      run({
        open: [
          position('A', 2.5, '2026-05-13T01:00:00.000Z', 0.12),
          position('B', -3, '2026-05-12T23:00:00.000Z'),
        ],
        markedDollars: undefined,
        worstDollars: -3.2,
      }),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'open        2 positions: not all can be marked, −$3.2000 at their worst outcome',
        '            A 2.5 YES, $0.1200 if sold now, closes 01:00',
        '            B 3 NO, nobody bids, closed without a known result',
      ]),
    );
  });

  test('the P&L of a run that ends with positions begins with the word open and counts their mark', () => {
    const position = { ticker: 'A', contracts: 1, closesAt: undefined, markedDollars: 0.5 };
    expect(lineOf('P&L')).toContain('$0.0000 realised after');
    const marked = { open: [position], pnlDollars: -1, markedDollars: 0.5, totalDollars: -0.5 };
    expect(lineOf('P&L', marked)).toContain('open: −$0.5000, of it −$1.0000 realised and $0.5000 marked');
    expect(lineOf('P&L', { ...marked, markedDollars: undefined, totalDollars: undefined })).toContain(
      'open, not all of it marked; −$1.0000 realised',
    );
  });

  test('what the checks were worth is told once something has settled, with an interval or the reason for none', () => {
    const worth = { refused: 9, settled: 0, closes: 0, hours: 0 };
    const none = { wouldDollars: null, lowDollars: null, highDollars: null };
    expect(lineOf('refused', { checks: [{ check: 'edge', ...worth, ...none }] })).toBeUndefined();
    expect(
      lineOf('refused', {
        checks: [
          { check: 'edge', ...worth, hours: 5, wouldDollars: -0.021, lowDollars: -0.04, highDollars: -0.001 },
          { check: 'spread', ...worth, ...none },
          { check: 'warm', ...worth, ...none, hours: 2, wouldDollars: 0.03 },
        ],
      }),
    ).toBe(
      'refused     would have made, a contract: edge −2.1 ¢ [−4.0 ¢, −0.1 ¢] · warm 3.0 ¢ (2 h, too few for an interval)',
    );
  });

  test('a difference from the recording is in the first line, and only then', () => {
    expect(describeRun(run({ differences: [] }))[0]).not.toContain('NOT AS RECORDED');
    const differences = ['a was 1, now 2', 'b was 1, now 2', 'c was 1, now 2', 'd was 1, now 2', 'e'];
    expect(describeRun(run({ differences }))[0]).toMatch(
      / · NOT AS RECORDED: a was 1, now 2; b was 1, now 2; c was 1, now 2; and 2 more$/,
    );
  });
});
