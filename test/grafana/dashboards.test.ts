import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { files } from '../../grafana/source/files.ts';
import { measurements } from '../../src/telemetry/measurements.ts';
import { boards, type Dashboard, type Panel, panelsOf } from './boards.ts';
import { parsed } from './influxql.ts';
import { lint } from './lint.ts';
import { describeSchemas, schemaTroubles } from './schemas.ts';

const made = files();
const named = Object.entries(boards);
const everyPanel = named.flatMap(([name, board]) =>
  panelsOf(board).map((panel) => [name, panel.title, panel] as const),
);

describe('the files that Grafana is given', () => {
  test.each(made.map(({ path, text }) => [path, text]))(
    'grafana/%s is byte for byte what its source makes',
    (path, text) => {
      expect(readFileSync(`grafana/${path}`, 'utf8')).toBe(text);
    },
  );

  test('no dashboard lies there that the source does not make', () => {
    expect(
      readdirSync('grafana/dashboards')
        .map((name) => `dashboards/${name}`)
        .sort(),
    ).toEqual(
      made
        .map(({ path }) => path)
        .filter((path) => path.startsWith('dashboards/'))
        .sort(),
    );
  });
});

describe('the dashboards', () => {
  test.each(named)('%s has nothing that the rules speak against', (_, board) => {
    expect(lint(board)).toEqual([]);
  });

  test('no two have one uid, and each leads to the others and to the console', () => {
    expect(new Set(named.map(([, { uid }]) => uid)).size).toBe(named.length);
    for (const [, { links, tags, templating }] of named) {
      expect(links.map(({ type }) => type).sort()).toEqual(['dashboards', 'link']);
      expect(tags).toEqual(['voltage-kalshi']);
      expect(templating.list.map(({ name }) => name)).toEqual(expect.arrayContaining(['lane', 'console']));
    }
  });

  test('fills, halts and gaps are marked on each', () => {
    for (const [, { annotations }] of named)
      expect(annotations.list.map(({ name }) => name)).toEqual(['Fills', 'Halts', 'Gaps']);
  });

  test('every measurement is shown somewhere', () => {
    const queries = named.flatMap(([, board]) => [
      ...panelsOf(board).flatMap(({ targets = [] }) => targets),
      ...board.annotations.list.map(({ target }) => target),
    ]);
    const shown = new Set(queries.map(({ query }) => parsed(query)?.measurement));
    expect(Object.keys(measurements).filter((name) => !shown.has(name))).toEqual([]);
  });
});

/** Grafana's schema of `trend` is not among those here; it has the fields of `timeseries`, and `xField`. */
const panelTroubles = ({ type, options = {}, fieldConfig }: Panel): readonly string[] => {
  const { xField: _, ...like } = options;
  const schema = type === 'trend' ? 'timeseries' : type.replace('-', '');
  const custom = fieldConfig?.defaults.custom;
  return [
    ...schemaTroubles(schema, 'Options', type === 'trend' ? like : options),
    ...(custom === undefined || type === 'stat' || type === 'bargauge'
      ? []
      : schemaTroubles(schema, 'FieldConfig', custom)),
  ];
};

describeSchemas("Grafana's own schemas", () => {
  test.each(named)('%s is a dashboard', (_, board) => {
    expect(schemaTroubles('dashboard', 'Dashboard', board)).toEqual([]);
  });

  test.each(everyPanel)('%s, %s: options and fields are those of its kind of panel', (_, __, panel) => {
    expect(panelTroubles(panel)).toEqual([]);
  });

  test('they catch what is no number, no option and no key', () => {
    const board = named[0]?.[1] as Dashboard;
    const panel = everyPanel.find(([, , { type }]) => type === 'timeseries')?.[2] as Panel;
    expect(schemaTroubles('dashboard', 'Dashboard', { ...board, nobody: 1 })).not.toEqual([]);
    expect(schemaTroubles('dashboard', 'Dashboard', { ...board, schemaVersion: '42' })).not.toEqual([]);
    expect(
      panelTroubles({ ...panel, options: { ...panel.options, legend: { showLegend: 'yes' } } }),
    ).not.toEqual([]);
    expect(
      panelTroubles({
        ...panel,
        fieldConfig: { overrides: [], defaults: { custom: { lineWidth: 'thick' } } },
      }),
    ).not.toEqual([]);
  });
});
