import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeInflux, type Influxd, influxd } from '../support/influxd.ts';
import { boards, filledIn, type Panel, panelsOf } from './boards.ts';
import { type Filled, fill } from './filled-influxd.ts';
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
        ...chosen,
      }),
    );

  test('the run is one: it has decisions, orders, fills and a settlement', () => {
    for (const kind of ['decision', 'orderSent', 'fill', 'settlement', 'forecast'])
      expect([kind, filled.events.some((event) => event.kind === kind)]).toEqual([kind, true]);
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

  test('a query for a lane that never ran finds nothing', async () => {
    for (const board of Object.values(boards))
      for (const { targets = [] } of panelsOf(board))
        for (const { query } of targets) expect(await asked(query, { lane: 'nobody' })).toEqual([]);
  });

  test('a query for a measurement that nothing writes finds nothing, and one that is no InfluxQL is refused', async () => {
    const [first] = panelsOf(Object.values(boards)[0] ?? ({ panels: [] } as never));
    const query = first?.targets?.[0]?.query ?? '';
    expect(await asked(query.replace(/FROM "\w+"/, 'FROM "nobody"'))).toEqual([]);
    await expect(asked(query.replace('SELECT', 'CHOOSE'))).rejects.toThrow(/error parsing query/);
  });
});
