import { describe, expect, test } from '@jest/globals';
import { boards, type Dashboard, type Panel, type Target } from './boards.ts';
import { lint } from './lint.ts';

const good = boards['execution.json'] as Dashboard;
const BARS = 'Fees of fills';
const LATENCY = 'Latency of orders';

/** The dashboard with one panel changed. */
const changed = (title: string, change: (panel: Panel) => Panel): Dashboard => ({
  ...good,
  panels: good.panels.map((panel) => (panel.title === title ? change(panel) : panel)),
});
const asking = (title: string, change: (target: Target) => Partial<Target>): Dashboard =>
  changed(title, (panel) => ({
    ...panel,
    targets: (panel.targets ?? []).map((target) => ({ ...target, ...change(target) })),
  }));
const inUnit = (title: string, unit: string): Dashboard =>
  changed(title, (panel) => ({
    ...panel,
    fieldConfig: { overrides: [], ...panel.fieldConfig, defaults: { ...panel.fieldConfig?.defaults, unit } },
  }));

describe('the rules for dashboards', () => {
  test('take the dashboard as it is', () => {
    expect(lint(good)).toEqual([]);
  });

  test('catch a wrong unit: seconds for milliseconds, and dollars for contracts', () => {
    expect(lint(inUnit(LATENCY, 's'))).toContainEqual(
      `${LATENCY}: A: answered, 50 %: milliseconds over 1 is shown in s`,
    );
    expect(lint(inUnit('Contracts filled', 'currencyUSD'))).toContainEqual(
      expect.stringContaining('centiContracts over 100 is shown in currencyUSD'),
    );
    expect(lint(inUnit(BARS, ''))).toContain(`${BARS}: no unit`);
  });

  test('catch a number in the right unit that is not divided into it', () => {
    const found = lint(asking(BARS, ({ query }) => ({ query: query.replace(' / 1000000', '') })));
    expect(found).toEqual([`${BARS}: A: fees: microDollars over 1 is shown in currencyUSD`]);
  });

  test('catch a measurement, a field and a tag that nothing writes', () => {
    const other = (from: string, to: string): readonly string[] =>
      lint(asking(LATENCY, ({ query }) => ({ query: query.replace(from, to) })));
    expect(other('"orderLatency"', '"latency"')).toContain(`${LATENCY}: A: latency has no latency`);
    expect(other('"ms"', '"millis"')).toContain(`${LATENCY}: A: orderLatency has no millis`);
    expect(other('"stage"', '"phase"')).toContain(`${LATENCY}: A: orderLatency has no phase`);
  });

  test('catch a query without a bound, without a time, of all lanes, and of no known form', () => {
    const found = (change: (query: string) => string): readonly string[] =>
      lint(asking(BARS, ({ query }) => ({ query: change(query) })));
    expect(found((query) => query.replace(/ GROUP BY .*$/, ''))).toEqual([
      `${BARS}: A: the query has no bound`,
    ]);
    expect(found((query) => query.replace(/ GROUP BY .*$/, ' ORDER BY time DESC LIMIT 100000'))).toEqual([
      `${BARS}: A: the query has no bound`,
    ]);
    expect(found((query) => query.replace(' AND $timeFilter', ''))).toEqual([
      `${BARS}: A: it does not keep to the time shown`,
    ]);
    expect(found((query) => query.replace('"lane" =~ /^$lane$/ AND ', ''))).toEqual([
      `${BARS}: A: it does not keep to one lane`,
    ]);
    expect(found(() => 'SELECT 1')).toContain(`${BARS}: A: not a query of a known form: SELECT 1`);
  });

  test('catch a variable that the dashboard does not have', () => {
    const found = lint(asking(BARS, ({ query }) => ({ query: query.replace('$lane', '$desk') })));
    expect(found).toContain(`${BARS}: A: no variable $desk`);
  });

  test('catch another data source, an id that is used twice, and two queries of one name', () => {
    expect(lint(asking(BARS, () => ({ datasource: { uid: 'other' } })))).toContain(
      `${BARS}: A: another data source`,
    );
    expect(lint(changed(BARS, (panel) => ({ ...panel, id: 2 })))).toContain('the id 2 is used twice');
    expect(lint(asking(LATENCY, () => ({ refId: 'A' })))).toContain(`${LATENCY}: two queries A`);
  });

  test('catch a panel without words, one on top of another, and an override of nothing', () => {
    expect(lint(changed(BARS, ({ description: _, ...panel }) => panel))).toContain(
      `${BARS}: no description in sentences`,
    );
    expect(
      lint(changed(BARS, (panel) => ({ ...panel, gridPos: { ...panel.gridPos, x: 0 } }))),
    ).toContainEqual(expect.stringMatching(/lies on/));
    expect(
      lint(
        changed(BARS, (panel) => ({
          ...panel,
          fieldConfig: {
            defaults: panel.fieldConfig?.defaults ?? {},
            overrides: [{ matcher: { id: 'byName', options: 'nobody' }, properties: [] }],
          },
        })),
      ),
    ).toContain(`${BARS}: an override is of nobody, which no query gives`);
  });
});
