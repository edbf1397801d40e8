import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { eventMeasurements } from '../../src/telemetry/event-measurements.ts';
import type { Measurement } from '../../src/telemetry/measurement.ts';
import { measurements } from '../../src/telemetry/measurements.ts';
import { dashboard, filledIn, panels } from './dashboard.ts';

const catalogue: Readonly<Record<string, Measurement>> = measurements;
const targets = panels.flatMap((panel) =>
  (panel.targets ?? []).map((target) => ({ panel: panel.title, ...target })),
);
const ADDED_TAGS = ['lane'];

describe('the dashboard', () => {
  test('panels have ids, titles, descriptions and units of their own', () => {
    expect(new Set(dashboard.panels.map((panel) => panel.id)).size).toBe(dashboard.panels.length);
    expect(new Set(panels.map((panel) => panel.title)).size).toBe(panels.length);
    for (const panel of panels) {
      expect(panel.title).not.toBe('');
      expect(panel.description).toMatch(/\.$/);
      expect(panel.fieldConfig?.defaults.unit).toMatch(/./);
    }
  });

  test('every panel asks, with reference ids of its own, the data source that the variable names', () => {
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toContainEqual([
      'datasource',
      'datasource',
    ]);
    for (const { datasource, targets: own = [] } of panels) {
      expect(own.length).toBeGreaterThan(0);
      expect(new Set(own.map(({ refId }) => refId)).size).toBe(own.length);
      for (const asked of [datasource, ...own.map((target) => target.datasource)])
        expect(asked?.uid).toMatch(/^\$\{datasource\}$/);
    }
  });

  test('panels lie in the grid of 24 columns and do not overlap', () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect([title, taken.has(`${x},${y}`)]).toEqual([title, false]);
          taken.add(`${x},${y}`);
        }
    }
  });

  test.each(targets)('$panel $refId asks only for what is written', ({ query, alias = '' }) => {
    const [, name = '', rest = ''] = /^SELECT .* FROM "(\w+)"(.*)$/.exec(query) ?? [];
    const measurement = catalogue[name];
    const asked = `${query.slice(0, query.indexOf(' FROM '))}${rest}`.replace(/ AS "[^"]+"/g, '');
    const named = [...asked.matchAll(/"(\w+)"/g)].map(([, word]) => word);
    const known = [
      ...Object.keys(measurement?.fields ?? {}),
      ...Object.keys(measurement?.tags ?? {}),
      ...ADDED_TAGS,
    ];
    expect(known).toEqual(expect.arrayContaining(named));
    const grouped = [...(/ GROUP BY (.*)/.exec(query)?.[1]?.matchAll(/"(\w+)"/g) ?? [])].map(
      ([, tag]) => tag,
    );
    expect(Object.keys(measurement?.tags ?? {})).toEqual(expect.arrayContaining(grouped));
    for (const [, tag] of alias.matchAll(/\$tag_(\w+)/g)) expect(grouped).toContain(tag);
  });

  test.each(targets)(
    '$panel $refId keeps to the time shown and to one lane, and has no macro that is unknown',
    ({ query }) => {
      expect(query).toContain('$timeFilter');
      expect(query).toContain('"lane" =~ /^$lane$/');
      expect(filledIn(query, 'time > 0')).not.toMatch(/\$(?!\/)/);
    },
  );

  test('what is drawn otherwise, or shaded down to, is a series of the same panel, and the band is', () => {
    const shaded: unknown[] = [];
    for (const { title, fieldConfig, targets: own = [] } of panels) {
      const aliases = own.map(({ alias }) => alias);
      for (const { matcher, properties } of fieldConfig?.overrides ?? []) {
        if (matcher.id === 'byName')
          expect([title, aliases]).toEqual([title, expect.arrayContaining([matcher.options])]);
        for (const { id, value } of properties)
          if (id === 'custom.fillBelowTo') shaded.push([title, aliases.includes(value as string)]);
      }
    }
    expect(shaded).toEqual([['Forecast by horizon', true]]);
  });

  test('every measurement of events is shown somewhere', () => {
    const shown = new Set(targets.map(({ query }) => / FROM "(\w+)"/.exec(query)?.[1]));
    expect([...shown].sort()).toEqual(Object.keys(eventMeasurements).sort());
  });
});

describe('provisioning', () => {
  const yaml = (path: string): unknown =>
    parse(readFileSync(new URL(`../../grafana/provisioning/${path}`, import.meta.url), 'utf8'));

  test('the data source is an InfluxDB asked in InfluxQL for the database that is written by default', () => {
    expect(yaml('datasources/voltage.yaml')).toMatchObject({
      apiVersion: 1,
      datasources: [{ type: 'influxdb', jsonData: { dbName: 'voltage', version: 'InfluxQL' } }],
    });
  });

  test('the dashboards come from a folder', () => {
    expect(yaml('dashboards/voltage.yaml')).toMatchObject({
      apiVersion: 1,
      providers: [{ type: 'file', options: { path: expect.stringMatching(/^\//) } }],
    });
  });
});
