import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accountAt } from '../../pipelines/run/account-at.ts';
import { decisionAt, spanOf } from '../../pipelines/run/find-decision.ts';
import { readDecision } from '../../pipelines/run/read-decision.ts';
import { runsIn } from '../../pipelines/run/run-files.ts';
import { chooseAnswer } from '../../src/cli/choose-answer.ts';
import { runsToAsk } from '../../src/cli/choose-run.ts';
import { freeCash } from '../../src/cli/explain-decision.ts';
import { askDuckdb } from '../../src/cli/query/ask-duckdb.ts';
import { QUERY_EXAMPLES } from '../../src/cli/query/examples.ts';
import { linkFolder } from '../../src/cli/query/views.ts';
import { sayWhy } from '../../src/risk/say-why.ts';
import { openStore } from '../../src/telemetry/store/open-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { parts, quick, refusal } from '../telemetry/store/store-parts.ts';
import { linesOf, said, smallRun } from './small-run.ts';

interface Head {
  readonly id: number;
  readonly at: number;
  readonly ticker: string;
  readonly verdict: string;
}
interface FillLine {
  readonly kind: string;
  readonly at: number;
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly count: number;
}

const TICKER = 'KXBTC15M-26JUN011030-30';
const AT = '2026-06-01T14:28:30Z';

describe('what a run answers', () => {
  const root = tempFolder();
  let run = '';
  let decisions: readonly string[] = [];
  let heads: readonly Head[] = [];
  let fills: readonly FillLine[] = [];

  beforeAll(() => {
    run = smallRun(root);
    decisions = linesOf(join(run, 'decisions.ndjson'));
    heads = decisions.map((line) => JSON.parse(line) as Head);
    fills = linesOf(join(run, 'fills.ndjson')).map((line) => JSON.parse(line) as FillLine);
  });

  /** The oracle: the last decision of all that were made by then. */
  const expectedAt = (of: readonly Head[], ticker: string, at: number): number | undefined =>
    of.filter((head) => head.ticker === ticker && head.at <= at).at(-1)?.id;
  const heldAt = (ticker: string, at: number): number =>
    fills
      .filter((fill) => fill.ticker === ticker && fill.at <= at)
      .reduce((sum, { kind, side, count }) => {
        if (kind === 'settlement') return 0;
        return kind === 'fill' ? sum + (side === 'bid' ? count : -count) : sum;
      }, 0);

  describe('voltage why', () => {
    test('tells the decision in force, its reason, every refusal, the account and the orders', async () => {
      const at = Date.parse(AT) * 1000;
      const id = expectedAt(heads, TICKER, at) as number;
      const decision = readDecision(Buffer.from(decisions[id - 1] as string));
      if (!decision) throw new Error('the line is damaged');
      const text = await said('why', TICKER, '--run', run, '--at', AT);
      expect(text).toContain(`number ${id}, made at`);
      expect(text).toContain(`Why: ${sayWhy(decision)}.`);
      for (const check of decision.failing) expect(text).toContain(`\n  ${check}: `);
      expect(text).toMatch(/confidence 0\.\d+/);
      expect(text).toMatch(/Free cash \$\d+\.\d\d/);
      expect(text).toMatch(/this close loses .* everything .* the day /);
      expect(text).toMatch(/It settled (yes|no) at 14:30:0/);
      if (decision.verdict === 'abstained') {
        const { side, limitTicks, feeDollars } = decision.proposal;
        const yes = text.includes('It settled yes') ? 1 : 0;
        const price = limitTicks / 10_000;
        const would = (side === 'bid' ? yes - price : price - yes) - (feeDollars ?? 0);
        expect(text).toContain(`${would > 0 ? 'cost' : 'saved'} that much. One outcome says nothing`);
      }
      const told = JSON.parse(await said('why', TICKER, '--run', run, '--at', '14:28:30', '--json'));
      expect(told).toMatchObject({ kind: 'decision', at, end: 'finished' });
      expect(told.decision.id).toBe(id);
      expect(told.account.position).toBe(heldAt(TICKER, decision.at));
      const sent = linesOf(join(run, 'orders.ndjson'))
        .map((line) => JSON.parse(line) as { kind: string; at: number; ticker: string })
        .filter(
          (step) => step.kind === 'orderSent' && step.ticker === TICKER && Math.abs(step.at - at) <= 120e6,
        );
      expect(sent.length).toBeGreaterThan(0);
      expect(told.steps.filter((step: { kind: string }) => step.kind === 'orderSent')).toHaveLength(
        sent.length,
      );
    });

    test('finds what a search through everything finds, for any contract and time', async () => {
      const file = [join(run, 'decisions.ndjson')];
      const settlements = fills.filter(({ kind }) => kind === 'settlement');
      expect(settlements.length).toBeGreaterThan(0);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...new Set(heads.map(({ ticker }) => ticker))),
          fc.integer({ min: heads[0]?.at ?? 0, max: heads.at(-1)?.at ?? 0 }),
          async (ticker, at) => {
            const { inForce } = await decisionAt(file, ticker, at);
            expect(inForce?.id).toBe(expectedAt(heads, ticker, at));
            const { positions } = await accountAt([join(run, 'fills.ndjson')], ticker, at);
            for (const each of new Set(fills.map((fill) => fill.ticker)))
              expect(positions.get(each) ?? 0).toBe(heldAt(each, at));
          },
        ),
        { numRuns: 12 },
      );
    });

    test('finds the same in files that were full, compressed, torn and never ended', async () => {
      const some = decisions.filter((_, i) => i % 40 === 0).slice(0, 60);
      const its = some.map((line) => JSON.parse(line) as Head);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: some.length }), { maxLength: 3 }),
          fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
          fc.integer({ min: -2, max: some.length + 1 }),
          async (cuts, zipped, pick) => {
            const folder = mkdtempSync(join(root, 'parts-'));
            const bounds = [0, ...cuts.sort((one, other) => one - other), some.length];
            bounds.slice(1, -1).forEach((until, i) => {
              const text = some
                .slice(bounds[i], until)
                .map((line) => `${line}\n`)
                .join('');
              const name = join(folder, `PAPER-decisions-000${i + 1}.ndjson`);
              if (zipped[i]) writeFileSync(`${name}.gz`, gzipSync(text));
              else writeFileSync(name, text);
            });
            const last = some
              .slice(bounds.at(-2))
              .map((line) => `${line}\n`)
              .join('');
            writeFileSync(
              join(folder, 'PAPER-decisions.ndjson.part'),
              `${last}{"id":999999,"at":1,"ticker":"${TICKER}`,
            );
            const [found, ...others] = runsIn(folder);
            expect(others).toEqual([]);
            expect(found).toMatchObject({ mark: 'PAPER', end: 'open' });
            const { ticker, at } = its[Math.min(Math.max(pick, 0), some.length - 1)] as Head;
            const when = pick < 0 ? 0 : pick > some.length ? Number.MAX_SAFE_INTEGER : at;
            const told = await decisionAt(found?.decisions ?? [], ticker, when);
            expect(told.inForce?.id).toBe(expectedAt(its, ticker, when));
            expect(await spanOf(found?.decisions ?? [])).toEqual({ first: its[0]?.at, last: its.at(-1)?.at });
          },
        ),
        { numRuns: 30 },
      );
    });

    test('says what was free of the cash, whatever the proposal, as the account has it in the end', () => {
      const all = decisions.map((line) => readDecision(Buffer.from(line)));
      const ofMoment = new Map<number, number[]>();
      const bought = new Set<number>();
      for (const decision of all) {
        if (!decision || bought.has(decision.at)) continue;
        const free = freeCash(decision);
        if (free !== undefined) ofMoment.set(decision.at, [...(ofMoment.get(decision.at) ?? []), free]);
        // From here on the order's cash is reserved.
        if (decision.verdict === 'approved') bought.add(decision.at);
      }
      const several = [...ofMoment.values()].filter((free) => free.length > 1);
      expect(several.length).toBeGreaterThan(20);
      for (const free of several) expect(Math.max(...free) - Math.min(...free)).toBeLessThan(2e-4);
      const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));
      const end = all.at(-1);
      expect(end && freeCash(end)).toBeCloseTo(summary.cashDollars, 3);
    });

    test('says so where there is no answer: unknown contract, before its opening, after its close, outside the run', async () => {
      await expect(said('why', `${TICKER}X'; DROP`, '--run', run)).rejects.toThrow(
        new RegExp(`never decided on .*; ${TICKER}`),
      );
      expect(await said('why', TICKER, '--run', run, '--at', '2026-06-01T10:00:00-04:00')).toMatch(
        /14:00:00 UTC is 27 min before the run's first decision/,
      );
      const next = heads.find(({ ticker }) => ticker === 'KXBTC15M-26JUN011045-45');
      expect(next).toBeDefined();
      expect(await said('why', 'KXBTC15M-26JUN011045-45', '--run', run, '--at', '14:27:30')).toContain(
        'was not decided on yet',
      );
      expect(await said('why', TICKER, '--run', run, '--at', '14:30:40')).toMatch(
        /had closed at 14:30:00, 40 s before .*: nothing could be traded/,
      );
      expect(await said('why', TICKER, '--run', run, '--at', '2026-06-02T00:00:00Z')).toContain(
        "after the run's last decision",
      );
      for (const at of ['2026-06-01T14:28:30', 'yesterday', '2026-02-30T00:00:00Z', '25:00'])
        await expect(said('why', TICKER, '--run', run, '--at', at)).rejects.toThrow(/--at/);
      await expect(said('why', TICKER, '--run', root)).rejects.toThrow(/holds no run.*there are runs in/);
      await expect(said('why', TICKER, '--run', join(root, 'none'))).rejects.toThrow(/there is no folder/);
    });

    test('takes of several runs in a folder the one of that time', async () => {
      const folder = join(root, 'two');
      mkdirSync(folder);
      const early = decisions.slice(0, 300);
      writeFileSync(join(folder, 'PAPER-decisions.killed-1.ndjson'), `${early.join('\n')}\n`);
      writeFileSync(
        join(folder, 'PAPER-decisions.incomplete.ndjson'),
        `${decisions.slice(-300).join('\n')}\n`,
      );
      const at = heads[200]?.at ?? 0;
      const ticker = heads[200]?.ticker ?? '';
      const told = JSON.parse(
        await said('why', ticker, '--run', folder, '--at', new Date(at / 1000 + 1).toISOString(), '--json'),
      );
      expect(told.end).toBe('killed');
      const late = heads.at(-1) as Head;
      expect(
        JSON.parse(
          await said(
            'why',
            late.ticker,
            '--run',
            folder,
            '--at',
            new Date(late.at / 1000 + 1).toISOString(),
            '--json',
          ),
        ).end,
      ).toBe('failed');
    });
  });

  describe('without a name', () => {
    /** Runs of some lines each under the state folder, the last one written last; gives their folders. */
    const runsOf = (home: string, parts: readonly (readonly string[])[]): readonly string[] =>
      parts.map((lines, i) => {
        const folder = join(home, 'voltage-kalshi', 'runs', `run-${i}`);
        mkdirSync(folder, { recursive: true });
        const file = join(folder, 'decisions.ndjson');
        writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
        utimesSync(file, 1_000 + i, 1_000 + i);
        return folder;
      });
    const usual = process.env['XDG_STATE_HOME'];
    afterEach(() => {
      if (usual === undefined) delete process.env['XDG_STATE_HOME'];
      else process.env['XDG_STATE_HOME'] = usual;
    });

    test('why asks all runs, and takes the newest that had decided on the contract by then and ran on', async () => {
      const some = decisions.filter((_, i) => i % 25 === 0).slice(0, 60);
      const its = some.map((line) => JSON.parse(line) as Head);
      const tickers = [...new Set(its.map(({ ticker }) => ticker))];
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              from: fc.nat(some.length - 1),
              length: fc.integer({ min: 1, max: 30 }),
              without: fc.nat(tickers.length),
            }),
            { minLength: 1, maxLength: 4 },
          ),
          fc.nat(tickers.length - 1),
          fc.integer({ min: -1, max: some.length }),
          async (asked, pick, when) => {
            const parts = asked.map(({ from, length, without }) => {
              const kept = some.map((line, i) => [line, its[i] as Head] as const).slice(from, from + length);
              const others = kept.filter(([, { ticker }]) => ticker !== tickers[without]);
              return others.length > 0 ? others : kept;
            });
            const home = mkdtempSync(join(root, 'home-'));
            runsOf(
              home,
              parts.map((part) => part.map(([line]) => line)),
            );
            const ticker = tickers[pick] as string;
            const at = when < 0 ? 0 : when >= some.length ? Number.MAX_SAFE_INTEGER : (its[when] as Head).at;
            // The oracle ranks every run by itself; of equals the newest.
            const ranks = parts.map((part): number => {
              const spanned = (part[0]?.[1].at ?? 0) <= at && at <= (part.at(-1)?.[1].at ?? 0);
              const on = part.filter(([, head]) => head.ticker === ticker);
              if (on.length === 0) return 3;
              if (!spanned) return 2;
              return on.some(([, head]) => head.at <= at) ? 0 : 1;
            });
            const best = ranks.lastIndexOf(Math.min(...ranks));
            const chosen = await chooseAnswer(
              runsToAsk(undefined, { XDG_STATE_HOME: home }),
              ticker,
              () => at,
            );
            expect(chosen.run.folder).toMatch(new RegExp(`run-${best}$`));
            expect(chosen.newer).toBe(parts.length - 1 - best);
            expect(chosen.found.inForce?.id).toBe(
              parts[best]?.filter(([, head]) => head.ticker === ticker && head.at <= at).at(-1)?.[1].id,
            );
          },
        ),
        { numRuns: 25 },
      );
    });

    test('why says which run it took, and query lists all runs but asks the newest unless it is to ask all', async () => {
      const home = mkdtempSync(join(root, 'home-'));
      const late = decisions.filter((line) => !line.includes(TICKER)).slice(0, 40);
      const [early = ''] = runsOf(home, [decisions.slice(0, 120), late]);
      process.env['XDG_STATE_HOME'] = home;
      const told = await said('why', TICKER);
      expect(told).toContain(early);
      expect(told).toContain('Of one newer run none answers better.');
      const counted = async (sql: string, ...words: readonly string[]): Promise<unknown> =>
        Object.values(JSON.parse(await said('query', sql, '--json', ...words)) as object)[0];
      expect(await counted('SELECT count(*) FROM runs')).toBe(2);
      expect(await counted('SELECT count(*) FROM decisions')).toBe(40);
      expect(await counted('SELECT count(*) FROM decisions', '--all')).toBe(160);
      expect(await counted('SELECT count(DISTINCT run) FROM decisions', '--all')).toBe(2);
    });
  });

  describe('voltage query', () => {
    const rows = async (sql: string, ...words: readonly string[]): Promise<Record<string, unknown>[]> =>
      (await said('query', sql, '--run', run, ...words, '--json'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>);

    test('counts what a program counts in the files, whatever the folder is called', async () => {
      const [told] = await rows(
        "SELECT count(*) AS n, count(*) FILTER (verdict = 'approved') AS approved, sum(len(failing)) AS refusals, any_value(run) AS run FROM decisions",
      );
      expect(told).toEqual({
        n: heads.length,
        approved: heads.filter(({ verdict }) => verdict === 'approved').length,
        refusals: decisions.reduce((sum, line) => sum + JSON.parse(line).failing.length, 0),
        run,
      });
      const [orders] = await rows("SELECT count(*) AS n FROM orders WHERE kind = 'orderSent'");
      const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));
      expect(orders).toEqual({ n: summary.orders });
      expect(await rows('SELECT label, approved, pnlDollars FROM runs')).toEqual([
        { label: "it's small", approved: summary.decisions.approved, pnlDollars: summary.pnlDollars },
      ]);
    });

    test('answers the questions of its help, as a table no wider than the screen', async () => {
      for (const { sql } of QUERY_EXAMPLES) {
        const lines = (await said('query', sql, '--run', run)).split('\n');
        expect(lines.at(-2)).toMatch(/^[1-9]\d* rows?/);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
      }
      const wide = (await said('query', 'SELECT * FROM decisions LIMIT 30', '--run', run)).split('\n');
      expect(Math.max(...wide.slice(0, 30).map((line) => line.length))).toBeLessThanOrEqual(110);
      expect(await said('query', 'SELECT \'a,"b"\' AS x, 1 AS y', '--run', run, '--csv')).toBe(
        'x,y\n"a,""b""",1\n',
      );
    });

    test('reads nothing but the named files, writes and loads nothing, and stays so', async () => {
      const before = readFileSync(join(run, 'fills.ndjson'), 'utf8');
      const links = join(root, 'links');
      mkdirSync(links);
      const usual = process.env['TMPDIR'];
      process.env['TMPDIR'] = links;
      const hostile = [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        `COPY (SELECT 1) TO '${join(root, 'x.csv')}'`,
        `COPY (SELECT 1) TO '${join(run, 'fills.ndjson').replaceAll("'", "''")}'`,
        `EXPORT DATABASE '${join(root, 'db')}'`,
        `ATTACH '${join(root, 'x.db')}'`,
        'INSTALL httpfs',
        'LOAD httpfs',
        'SET enable_external_access = true',
        "SET allowed_paths = ['/etc/passwd']",
        'CREATE TABLE x AS SELECT 1',
        'DROP VIEW decisions',
        'SELECT 1; DROP VIEW decisions',
        "SELECT * FROM read_csv('https://example.com/x.csv')",
        '',
        'not sql',
      ];
      for (const sql of hostile) await expect(said('query', sql, '--run', run)).rejects.toThrow();
      expect(readFileSync(join(run, 'fills.ndjson'), 'utf8')).toBe(before);
      expect(readdirSync(root).filter((name) => name.startsWith('x.') || name === 'db')).toEqual([]);
      await expect(said('query', 'SELECT nope FROM decisions', '--run', run)).rejects.toThrow(
        /nope.*views: runs, decisions.*columns of decisions: run, mark, time/s,
      );
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
      expect(readdirSync(links)).toEqual([]);
    });

    test('asks a store while it is written: Parquet, lines that are full and lines that are not', async () => {
      const store = join(root, "the store's");
      const folder = join(store, 'paper');
      mkdirSync(folder, { recursive: true });
      const now = Date.now();
      const first = openStore(quick(), { lane: 'paper' }, () => {}, parts(folder));
      first.write([refusal(1), refusal(2)]);
      await first.close();
      const open = {
        measurement: 'refusal',
        ...{ at: 5, tags: { series: "K'X", check: 'edge' }, fields: { decisionId: 3, observed: 0.25 } },
      };
      writeFileSync(join(folder, `points-${now}-9998.ndjson`), `${JSON.stringify(open)}\n`);
      writeFileSync(
        join(folder, `points-${now}-9999.ndjson.part`),
        `${JSON.stringify({ ...open, fields: { decisionId: 4 } })}\n{"measure`,
      );
      const [parquet = ''] = readdirSync(folder).filter((name) => name.endsWith('.parquet'));
      // Its lines were not removed yet.
      copyFileSync(
        join(folder, `points-${now}-9998.ndjson`),
        join(folder, parquet.replace('.parquet', '.ndjson')),
      );
      expect(
        await rows(
          'SELECT decisionId, series, lane, observed FROM points_refusal ORDER BY 1',
          '--store',
          store,
        ),
      ).toEqual([
        { decisionId: 1, series: 'KXBTC15M', lane: 'paper', observed: 1 / 3 },
        { decisionId: 2, series: 'KXBTC15M', lane: 'paper', observed: 2 / 3 },
        { decisionId: 3, series: "K'X", lane: null, observed: 0.25 },
        { decisionId: 4, series: "K'X", lane: null, observed: null },
      ]);
      expect(await rows('SELECT count(*) AS n FROM points_fill', '--store', store)).toEqual([{ n: 0 }]);
    });

    test('says what to install where DuckDB cannot be loaded', async () => {
      const linked = linkFolder();
      await expect(
        askDuckdb(
          'SELECT 1',
          [],
          linked,
          async () => {},
          async () => {
            throw new Error("Cannot find package '@duckdb/node-api'");
          },
        ),
      ).rejects.toThrow(/npm install @duckdb\/node-api/);
      linked.remove();
    });
  });
});
