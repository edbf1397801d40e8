import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { importHistory } from '../../pipelines/research/history.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { DAY, MINUTE, SECOND } from '../../src/domain/time.ts';
import { readHistory } from '../../src/tape/history.ts';
import { HISTORY_HEADER, historyLine } from '../../src/tape/history-line.ts';
import { readSettled } from '../../src/tape/settled.ts';
import { BTC } from '../support/assets.ts';
import '../support/properties.ts';
import { tally } from '../support/tally.ts';

// Every mutation of a good file is refused in a sentence, or read exactly: never wrong bars, never endless,
// nothing left (an endless one ends at the suite's own limit of time). The oracle is the good file's own list of bars.
const RUNS = 150 * Number(process.env['RELIABILITY_RUNS'] ?? 1);
const FROM = 1_750_000_020;
const NOW = (FROM + 10_000 * 60) * SECOND;

const ROWS = Array.from({ length: 60 }, (_, n) => {
  const [open, close] = [80_000 + ((n * 37) % 11), 80_000 + (((n + 1) * 37) % 11)];
  return {
    seconds: FROM + 60 * n,
    open,
    high: Math.max(open, close) + 1,
    low: Math.min(open, close) - 1,
    close,
    volume: (n % 7) / 8,
  };
});
const BARS: readonly MinuteBar[] = ROWS.map(({ seconds, ...bar }) => ({
  openAt: seconds * SECOND,
  ...bar,
  flag: 0,
}));
const archive = ROWS.map(
  ({ seconds, open, high, low, close, volume }) => `${seconds},${open},${high},${low},${close},${volume},3`,
);
const history = BARS.map((bar) => historyLine(bar).trimEnd());

/** A change of a file's lines. `same` says that nothing was said differently, so that it must be read exactly. */
interface Mutation {
  readonly name: string;
  readonly same: boolean;
  readonly change: (lines: readonly string[], at: number, pick: number) => readonly string[] | Buffer;
}
const cellsOf = (line: string): string[] => line.split(',');
const withCell =
  (column: number, value: (text: string, pick: number) => string): Mutation['change'] =>
  (lines, at, pick) =>
    lines.map((line, n) =>
      n === at
        ? cellsOf(line)
            .map((cell, c) => (c === column ? value(cell, pick) : cell))
            .join(',')
        : line,
    );
const bytesOf = (lines: readonly string[], end = '\n'): Buffer => Buffer.from(`${lines.join(end)}${end}`);
const MUTATIONS: readonly Mutation[] = [
  { name: 'as it is', same: true, change: (lines) => lines },
  { name: 'Windows line ends', same: true, change: (lines) => bytesOf(lines, '\r\n') },
  { name: 'a byte order mark', same: true, change: (lines) => Buffer.from(`\uFEFF${lines.join('\n')}`) },
  { name: 'UTF-16', same: true, change: (lines) => Buffer.from(`\uFEFF${lines.join('\n')}\n`, 'utf16le') },
  {
    name: 'UTF-16, the other way',
    same: true,
    change: (lines) => Buffer.from(`\uFEFF${lines.join('\n')}\n`, 'utf16le').swap16(),
  },
  { name: 'gzip', same: true, change: (lines) => gzipSync(bytesOf(lines)) },
  {
    name: 'two gzip members',
    same: true,
    change: (lines, at) =>
      Buffer.concat([gzipSync(bytesOf(lines.slice(0, at))), gzipSync(bytesOf(lines.slice(at)))]),
  },
  {
    name: 'every cell in quotes',
    same: true,
    change: (lines) =>
      lines.map((line) =>
        cellsOf(line)
          .map((cell) => `"${cell}"`)
          .join(','),
      ),
  },
  {
    name: 'empty lines',
    same: true,
    change: (lines, at) => [...lines.slice(0, at + 1), '', '', ...lines.slice(at + 1)],
  },
  { name: 'UTF-16 without a mark', same: false, change: (lines) => Buffer.from(lines.join('\n'), 'utf16le') },
  {
    name: 'a cut gzip file',
    same: false,
    change: (lines, _, pick) => {
      const whole = gzipSync(bytesOf(lines));
      return whole.subarray(0, 12 + (pick % (whole.length - 13)));
    },
  },
  {
    name: 'a bit of gzip',
    same: false,
    change: (lines, _, pick) => {
      const whole = gzipSync(bytesOf(lines));
      const at = 10 + (pick % (whole.length - 18));
      whole[at] = (whole[at] ?? 0) ^ (1 << (pick % 8));
      return whole;
    },
  },
  { name: 'compressed twice', same: false, change: (lines) => gzipSync(gzipSync(bytesOf(lines))) },
  {
    name: 'a row twice',
    same: false,
    change: (lines, at) => [...lines.slice(0, at + 1), lines[at] ?? '', ...lines.slice(at + 1)],
  },
  {
    name: 'two rows exchanged',
    same: false,
    change: (lines, at) =>
      lines.map((line, n) =>
        n === at ? (lines[at - 1] ?? line) : n === at - 1 ? (lines[at] ?? line) : line,
      ),
  },
  {
    name: 'newest first',
    same: false,
    change: ([first = '', ...rest]) =>
      first.startsWith('t') ? [first, ...rest.reverse()] : [first, ...rest].reverse(),
  },
  {
    name: 'every fifth row',
    same: false,
    change: (lines) => lines.filter((line, n) => line.startsWith('t') || n % 5 === 1),
  },
  { name: 'milliseconds', same: false, change: withCell(0, (cell) => `${cell}000`) },
  { name: 'microseconds', same: false, change: withCell(0, (cell) => `${cell}000000`) },
  { name: 'a far year', same: false, change: withCell(0, (cell) => String(Number(cell) + 31_536_000 * 20)) },
  { name: 'before 2011', same: false, change: withCell(0, (cell) => String(Number(cell) - 31_536_000 * 30)) },
  { name: 'half a minute', same: false, change: withCell(0, (cell) => String(Number(cell) + 30)) },
  { name: 'a date', same: false, change: withCell(0, () => '2025-06-15 15:07') },
  ...[1, 2, 3, 4].map(
    (column): Mutation => ({
      name: `a false price in column ${column}`,
      same: false,
      change: withCell(
        column,
        (_, pick) =>
          ['0', '-1', '', 'NaN', 'Infinity', '1e400', 'one', '0x10', '80,000', '"80,000"', '80 000'][
            pick % 11
          ] ?? '',
      ),
    }),
  ),
  { name: 'a high below all', same: false, change: withCell(2, () => '1') },
  { name: 'a low above all', same: false, change: withCell(3, () => '999999') },
  {
    name: 'a false volume',
    same: false,
    change: withCell(5, (_, pick) => ['-1', '', 'NaN', 'Infinity', 'many'][pick % 5] ?? ''),
  },
  {
    name: 'a column fewer',
    same: false,
    change: (lines, at) => lines.map((line, n) => (n === at ? cellsOf(line).slice(1).join(',') : line)),
  },
  {
    name: 'a column more',
    same: false,
    change: (lines, at) => lines.map((line, n) => (n === at ? `${line},1` : line)),
  },
  { name: 'semicolons', same: false, change: (lines) => lines.map((line) => line.replaceAll(',', ';')) },
  {
    name: 'an open quote',
    same: false,
    change: (lines, at) => lines.map((line, n) => (n === at ? `"${line}` : line)),
  },
  {
    name: 'a zero byte',
    same: false,
    change: (lines, at) => lines.map((line, n) => (n === at ? `${line}\0` : line)),
  },
  { name: 'a page of HTML', same: false, change: () => ['<!doctype html>', '<html></html>'] },
  { name: 'an endless line', same: false, change: () => Buffer.alloc(3 << 20, 0x31) },
  { name: 'nothing', same: false, change: () => Buffer.alloc(0) },
];

const folder = mkdtempSync(join(tmpdir(), 'voltage-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let tried = 0;
let survived = 0;
const written = (content: readonly string[] | Buffer): string => {
  const path = join(folder, 'bars.csv');
  writeFileSync(path, Buffer.isBuffer(content) ? content : bytesOf(content));
  return path;
};
/** Holds what became of one file against the oracle: exact bars, or one sentence that names the file. */
const hold = async (
  mutation: Mutation,
  path: string,
  read: () => Promise<readonly MinuteBar[]>,
): Promise<void> => {
  tried++;
  const [bars, why] = await read().then(
    (made) => [made, undefined] as const,
    (cause: unknown) => [undefined, String((cause as Error).message)] as const,
  );
  if (mutation.same) expect([mutation.name, why, bars]).toEqual([mutation.name, undefined, BARS]);
  else {
    expect([mutation.name, bars]).toEqual([mutation.name, undefined]);
    expect(why).toContain(path);
    expect(why).toMatch(/^(history|ohlcvt): .{10,}/s);
  }
  survived++;
};
const campaign = fc.record({
  mutation: fc.constantFrom(...MUTATIONS),
  at: fc.integer({ min: 2, max: 58 }),
  pick: fc.nat(10_000),
});

test('a file of history is read exactly or refused, whatever is done to it', async () => {
  await fc.assert(
    fc.asyncProperty(campaign, async ({ mutation, at, pick }) => {
      const path = written(mutation.change([HISTORY_HEADER.trimEnd(), ...history], at, pick));
      await hold(mutation, path, () => readHistory(path, { now: NOW }));
    }),
    { numRuns: RUNS },
  );
});

test('an archive is imported exactly or refused, and leaves nothing but the file that was asked for', async () => {
  await fc.assert(
    fc.asyncProperty(campaign, fc.constantFrom('.csv', '.csv.gz'), async ({ mutation, at, pick }, ending) => {
      const path = written(mutation.change(archive, at, pick));
      const out = join(folder, `out${ending}`);
      rmSync(out, { force: true });
      await hold(mutation, path, async () => {
        await importHistory(path, out, { now: NOW });
        return readHistory(out, { now: NOW });
      });
      expect(readdirSync(folder).sort()).toEqual(['bars.csv', ...(mutation.same ? [`out${ending}`] : [])]);
      if (existsSync(out)) {
        const bytes = readFileSync(out);
        const text = (ending === '.csv' ? bytes : gunzipSync(bytes)).toString();
        expect(text).toBe(`${HISTORY_HEADER}${BARS.map(historyLine).join('')}`);
      }
      rmSync(out, { force: true });
    }),
    { numRuns: RUNS },
  );
});

test('settlements never say what their own value and strike, or another row, deny', async () => {
  const CLOSE = Date.UTC(2026, 4, 11, 12);
  const time = (n: number): string => new Date(CLOSE + n * 900_000).toISOString();
  const row = fc.record({
    market: fc.nat(5),
    strike: fc.integer({ min: 100, max: 104 }),
    value: fc.integer({ min: 98, max: 106 }),
    result: fc.constantFrom('yes', 'no', '', 'void', 'scalar'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), fc.nat(4), async (rows, form) => {
      tried++;
      const lines = rows.map(({ market, strike, value, result }) =>
        [`T-${market}`, 'KXBTC15M', time(market), strike, value, result, '', 'a "title", quoted']
          .map((cell) =>
            form % 2 === 0 || /[",]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell,
          )
          .join(','),
      );
      const text = `market_ticker,series,close_time_utc,floor_strike,expiration_value,result,settlement_ts,title\r\n${lines.join('\r\n')}\r\n`;
      const path = join(folder, 'settled.csv');
      const forms = [
        Buffer.from(text),
        gzipSync(text),
        Buffer.from(`\uFEFF${text}`, 'utf16le'),
        Buffer.from(`\uFEFF${text}`),
        gzipSync(Buffer.from(`\uFEFF${text}`)),
      ];
      writeFileSync(path, forms[form] ?? text);
      // The oracle walks the rows by hand: the first that contradicts itself or an earlier one of its market.
      const said = new Map<string, { value: number; result: string }>();
      let bad: number | undefined;
      for (const [n, { market, strike, value, result }] of rows.entries()) {
        if (result === 'void' || result === 'scalar') continue;
        const right = value >= strike ? 'yes' : 'no';
        const before = said.get(`T-${market}`);
        if (
          (result !== '' && result !== right) ||
          (before && (before.result !== right || before.value !== value))
        ) {
          bad = n + 2;
          break;
        }
        said.set(`T-${market}`, { value, result: right });
      }
      if (bad !== undefined)
        await expect(readSettled(path, [BTC])).rejects.toThrow(`settled: ${path} line ${bad}: `);
      else {
        const { outcomes } = await readSettled(path, [BTC]);
        const got = outcomes.map(({ ticker, valueUnits, result }) => [ticker, valueUnits, result]);
        expect(got.sort()).toEqual(
          [...said].map(([ticker, { value, result }]) => [ticker, value * 100, result]).sort(),
        );
      }
      rmSync(path);
      survived++;
    }),
    { numRuns: RUNS },
  );
});

test('a gap of any length costs what its rows cost, not what its minutes would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5_000_000 }), async (minutes) => {
      tried++;
      const rows = [0, 1, 1 + minutes, 2 + minutes].map(
        (n) => `${FROM - 60 * 5_000_000 + 60 * n},1,1,1,1,1,1`,
      );
      const out = join(folder, 'gap.csv');
      const { bars } = await importHistory(written(rows), out, { now: NOW + DAY + 10 * MINUTE, force: true });
      expect(bars).toBe(minutes === 1 ? 3 + 1 : minutes <= 31 ? 3 + minutes : 4);
      rmSync(out);
      survived++;
    }),
    { numRuns: Math.ceil(RUNS / 5) },
  );
});

afterAll(() =>
  tally({ kind: 'hostile files of bars and settlements', tried, survived, lost: tried - survived }),
);
