import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { backfillStatements } from '../../src/telemetry/retention.ts';
import { describeInflux, type Influxd, influxd } from '../support/influxd.ts';
import { boards, filledIn, type Panel, panelsOf } from './boards.ts';
import { type Filled, fill } from './filled-influxd.ts';
import { type FileRule, provisionedRules } from './provisioned-rules.ts';
import { type Rows, rowsOf } from './rows.ts';

const INTERVAL = '10s';
/** What a person can look at: no series of a panel has more values. */
const MOST_ROWS = 500;
const MOST_SERIES = 60;

/** What a value can be at all, by the unit that it is shown in. */
const PLAUSIBLE: Readonly<Record<string, readonly [number, number]>> = {
  percentunit: [-1, 20],
  currencyUSD: [-1e6, 1e6],
  'suffix: ¢': [-100, 100],
  'suffix: bp': [-1e4, 1e4],
  'suffix: coins': [-1e5, 1e5],
  short: [-1e9, 1e9],
  none: [-1e9, 1e9],
  cps: [0, 1e6],
  ms: [-1e5, 1e6],
  s: [0, 1e6],
  m: [0, 1e5],
  decmbytes: [0, 1e5],
};

const unitOf = ({ fieldConfig }: Panel, name: string): string => {
  const own = fieldConfig?.overrides
    .filter(({ matcher }) => matcher.options === name)
    .flatMap(({ properties }) => properties)
    .find(({ id }) => id === 'unit')?.value;
  return typeof own === 'string' ? own : (fieldConfig?.defaults.unit ?? '');
};

describeInflux('the queries on a real influxd that a run has filled', () => {
  let server: Influxd;
  let filled: Filled;
  beforeAll(async () => {
    server = await influxd();
    filled = await fill(server.url);
  });
  afterAll(() => server.remove());

  const asked = (query: string, chosen = {}): Promise<readonly Rows[]> =>
    rowsOf(
      server.url,
      filledIn(query, filled.timeFilter, INTERVAL, {
        lane: 'live',
        asset: 'BTC',
        series: '.*',
        close: 'next',
        horizon: '60',
        kept: '""',
        ...chosen,
      }),
    );

  test('most of what is asked for is written by the run itself', () => {
    const ours = ['forecast', 'decision', 'refusal', 'order', 'fill', 'settlement', 'account'];
    const ofState = ['fair', 'payoff', 'limit', 'state', 'money', 'feed', 'cone', 'volatility'];
    expect([...filled.ran]).toEqual(expect.arrayContaining([...ours, ...ofState]));
  });

  describe.each(Object.entries(boards))('%s', (_, board) => {
    const targets = panelsOf(board).flatMap((panel) =>
      (panel.targets ?? []).map((target) => [panel.title, target.refId, panel, target.query] as const),
    );

    test.each(targets)('%s, %s: rows that are bounded and can be', async (_title, _refId, panel, query) => {
      const series = await asked(query);
      expect(series.length).toBeGreaterThan(0);
      expect(series.length).toBeLessThanOrEqual(MOST_SERIES);
      const cells = series.flatMap(({ columns, values }) => {
        expect(values.length).toBeLessThanOrEqual(MOST_ROWS);
        return values.flatMap((row) => row.map((value, i) => [columns[i] ?? '', value] as const));
      });
      // What `fill(0)` makes of nothing is no value that was found.
      const made = query.includes('fill(0)') ? [null, 0] : [null];
      expect(cells.some(([name, value]) => name !== 'time' && !made.includes(value as null))).toBe(true);
      for (const [name, value] of cells) {
        if (name === 'time' || typeof value !== 'number') continue;
        const [low, high] = PLAUSIBLE[unitOf(panel, name)] ?? [Number.NaN, Number.NaN];
        expect([name, value >= low && value <= high, value]).toEqual([name, true, value]);
      }
    });

    test.each(
      board.templating.list.filter(({ type }) => type === 'query').map(({ name, query }) => [name, query]),
    )('the variable %s lists what was written', async (name, query) => {
      const values = (await asked(query)).flatMap((series) => series.values.map((row) => row[1]));
      expect(values.length).toBeGreaterThan(0);
      expect(values.length).toBeLessThanOrEqual(100);
      if (name === 'lane') expect(values).toEqual(['live']);
    });

    test.each(board.annotations.list.map(({ name, target }) => [name, target] as const))(
      'the marks of %s have a time, a text and a tag',
      async (_name, { query, textColumn, tagsColumn }) => {
        const [series] = await asked(query);
        expect(series?.columns).toEqual(['time', textColumn, tagsColumn]);
        expect(series?.values.length).toBeGreaterThan(0);
        expect(series?.values.length).toBeLessThanOrEqual(MOST_ROWS);
        for (const row of series?.values ?? [])
          expect(row.every((cell) => cell !== null && cell !== '')).toBe(true);
      },
    );
  });

  test('what a database keeps by the minute and by the hour is shown by each query that can read it', async () => {
    const hour = `time >= '2026-06-01T13:00:00Z' AND time < '2026-06-01T14:00:00Z'`;
    const say = async (statement: string): Promise<void> => {
      const query = new URLSearchParams({ db: 'voltage', q: statement });
      expect(await (await fetch(`${server.url}/query?${query}`, { method: 'POST' })).text()).not.toContain(
        'error',
      );
    };
    for (const policy of ['minute', 'hour'])
      await say(`CREATE RETENTION POLICY "${policy}" ON "voltage" DURATION INF REPLICATION 1`);
    // As `voltage influx init` downsamples, of the points that are there and for their time.
    for (const statement of backfillStatements('voltage', 1))
      await say(statement.replace('"raw"', '"autogen"').replace('time >= now() - 1h', hour));
    const names = (series: readonly Rows[]) => series.map(({ name, tags }) => JSON.stringify([name, tags]));
    const kept = Object.values(boards)
      .flatMap((board) => panelsOf(board).flatMap(({ targets = [] }) => targets))
      .filter(({ query }) => query.includes('kept:raw'));
    expect(kept.length).toBeGreaterThan(30);
    for (const { query } of kept) {
      // A rate needs two points and a moving average ten; the run has one of an hour, so what they are made of is asked.
      const wide = query
        .replace(/(?:moving_average|(?:non_negative_)?derivative)\((\w+\("\w+"\)), \w+\)/g, '$1')
        .replace('$timeFilter', hour);
      expect(wide).not.toMatch(/derivative|moving_average/);
      const raw = names(await asked(wide));
      for (const policy of ['"minute"', '"hour"'])
        expect([wide, policy, names(await asked(wide, { kept: policy }))]).toEqual([wide, policy, raw]);
    }
  });

  test.each(provisionedRules.map((rule) => [rule.title, rule] as const))(
    'the rule %s finds a number for the lane that runs',
    async (_, { data: [first] }) => {
      const series = await asked(first?.model.query ?? '');
      expect(series.length).toBeGreaterThan(0);
      expect(series.length).toBeLessThanOrEqual(MOST_SERIES);
      for (const { tags, columns, values } of series) {
        expect([tags?.['lane'], columns.length]).toEqual(['live', 2]);
        expect(values.length).toBeLessThanOrEqual(100);
        expect(typeof values.at(-1)?.[1]).toBe('number');
      }
    },
  );

  test('halt, difference, sink and equity are in such a state that their rules fire or stay still', async () => {
    const fires = async (uid: string): Promise<boolean> => {
      const { data } = provisionedRules.find((rule) => rule.uid === uid) as FileRule;
      const evaluator = data[2]?.model.conditions?.[0]?.evaluator;
      const [low = 0, high = 0] = evaluator?.params ?? [];
      const newest = (await asked(data[0]?.model.query ?? '')).map(({ values }) =>
        Number(values.at(-1)?.[1]),
      );
      const tests = { gt: (x: number) => x > low, lt: (x: number) => x < low };
      const within = (x: number): boolean => x > low && x < high;
      return newest.some(tests[evaluator?.type as 'gt' | 'lt'] ?? within);
    };
    for (const uid of ['voltage-halt', 'voltage-reconcile-difference', 'voltage-sink-dropping'])
      expect([uid, await fires(uid)]).toEqual([uid, true]);
    for (const uid of ['voltage-drawdown', 'voltage-blind', 'voltage-model-drift'])
      expect([uid, await fires(uid)]).toEqual([uid, false]);
  });

  test('a query for a lane that never ran finds nothing', async () => {
    for (const board of Object.values(boards))
      for (const { targets = [] } of panelsOf(board))
        for (const { query } of targets) expect(await asked(query, { lane: 'nobody' })).toEqual([]);
  });

  test('a query for a measurement that nothing writes finds nothing, and one that is no InfluxQL is refused', async () => {
    const [first] = panelsOf(Object.values(boards)[0] ?? ({ panels: [] } as never));
    const query = first?.targets?.[0]?.query ?? '';
    expect(await asked(query.replace(/FROM \S+/, 'FROM "nobody"'))).toEqual([]);
    await expect(asked(query.replace('SELECT', 'CHOOSE'))).rejects.toThrow(/error parsing query/);
  });
});
