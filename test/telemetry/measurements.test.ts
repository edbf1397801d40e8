import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Measurement } from '../../src/telemetry/measurement.ts';
import { measurements } from '../../src/telemetry/measurements.ts';
import { metricsMarkdown } from '../../src/telemetry/metrics-markdown.ts';
import { units } from '../../src/telemetry/units.ts';

const catalogue = Object.entries<Measurement>(measurements);
const columns = catalogue.flatMap(([measurement, { tags, fields }]) =>
  [...Object.entries(tags), ...Object.entries(fields)].map(([name, column]) => ({
    measurement,
    name,
    ...column,
  })),
);

describe('the catalogue', () => {
  test('every tag and field has a unit that is known and a meaning of its own words, without a full stop', () => {
    for (const { measurement, name, unit, meaning } of columns) {
      expect(Object.keys(units)).toContain(unit);
      expect([measurement, name, meaning]).toEqual([
        measurement,
        name,
        expect.stringMatching(/^\S.{2,}[^.\s]$/),
      ]);
    }
  });

  test('names need no escape in any database, and none is both a tag and a field of one measurement', () => {
    for (const [measurement, { tags, fields }] of catalogue) {
      expect(measurement).toMatch(/^[a-z][A-Za-z0-9]*$/);
      expect(Object.keys(fields).length).toBeGreaterThan(0);
      expect(Object.keys(tags).filter((name) => name in fields)).toEqual([]);
    }
    // `time` is InfluxDB's own column; `lane` and `label` are the tags that sinks add.
    for (const { name } of columns) expect(name).toMatch(/^(?!(time|lane|label)$)[a-z][A-Za-z0-9]*$/);
  });

  test('a field whose name ends in a unit has that unit', () => {
    const endings = { Dollars: 'dollars', Ticks: 'ticks', Ms: 'milliseconds', Megabytes: 'megabytes' };
    for (const { name, unit } of columns)
      for (const [ending, expected] of Object.entries(endings))
        if (name.endsWith(ending) && name !== 'feeMicroDollars')
          expect([name, unit]).toEqual([name, expected]);
  });

  test('docs/metrics.md is this catalogue: `voltage metrics --markdown > docs/metrics.md` makes it so', () => {
    expect(readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')).toBe(metricsMarkdown());
  });
});
