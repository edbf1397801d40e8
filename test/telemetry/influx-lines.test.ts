import '../support/properties.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FieldType, InfluxDB, escape as influxEscape } from 'influx';
import { cleanPoint } from '../../src/telemetry/clean-point.ts';
import { influxLines } from '../../src/telemetry/influx-lines.ts';
import type { FieldKind, Measurement } from '../../src/telemetry/measurement.ts';
import { measurements } from '../../src/telemetry/measurements.ts';

const TYPES: Readonly<Record<FieldKind, FieldType>> = {
  integer: FieldType.INTEGER,
  float: FieldType.FLOAT,
  boolean: FieldType.BOOLEAN,
  text: FieldType.STRING,
};
const client = new InfluxDB({
  database: 'none',
  schema: Object.entries<Measurement>(measurements).map(([measurement, { tags, fields }]) => ({
    measurement,
    tags: [...Object.keys(tags), 'lane'],
    fields: Object.fromEntries(Object.entries(fields).map(([name, { kind }]) => [name, TYPES[kind]])),
  })),
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(fc.constantFrom('"', '\\', ',', '=', ' ', '\n', '#', 'a', "'"), { maxLength: 8 })
    .map((parts) => parts.join('')),
);
const values: Readonly<Record<FieldKind, fc.Arbitrary<number | string | boolean | null>>> = {
  integer: fc.oneof(fc.integer(), fc.constant(null), fc.double()),
  float: fc.oneof(fc.double(), fc.constantFrom(null, -0, 1e21, 5e-324)),
  boolean: fc.option(fc.boolean()),
  text: fc.option(hostile),
};
const points = fc
  .constantFrom(...Object.entries<Measurement>(measurements))
  .chain(([measurement, { tags, fields }]) =>
    fc.record({
      measurement: fc.constant(measurement),
      at: fc.oneof(fc.nat(), fc.constantFrom(-1, 1.5, Number.NaN)),
      tags: fc.record({
        ...Object.fromEntries(Object.keys(tags).map((tag) => [tag, hostile])),
        lane: hostile,
      }),
      fields: fc.record(
        Object.fromEntries(Object.entries(fields).map(([name, { kind }]) => [name, values[kind]])),
      ),
    }),
  );

describe('influxLines', () => {
  test("property: a point's line is the one that the client makes of what is clean of it", () => {
    fc.assert(
      fc.property(points, (given) => {
        const lineOf = influxLines({ lane: given.tags['lane'] ?? '' });
        const line = lineOf(given);
        const point = cleanPoint(given);
        if (!point) {
          expect(line).toBeUndefined();
          return;
        }
        const { measurement, tags, fields } = point;
        const nanos = `${point.at}000`;
        const parsed = client.parsePoint(
          { measurement, tags, fields: { ...fields } as Record<string, number>, timestamp: nanos },
          { precision: 'n' },
        );
        const key = parsed.tagsNames.map(
          (name) => `,${influxEscape.tag(name)}=${influxEscape.tag(tags[name] ?? '')}`,
        );
        const pairs = parsed.fieldsPairs.map(([name, value]) => `${influxEscape.tag(name)}=${value}`);
        const text = `${measurement}${key.join('')} ${pairs.join(',')}`;
        expect(line).toBe(`${text} ${nanos}`);
        expect(line).not.toMatch(/[\r\n]/);
        // The same series in the same microsecond is another point.
        expect(lineOf(given)).toBe(`${text} ${point.at}001`);
      }),
      { numRuns: 300 },
    );
  });

  test('a tag that is added stands above the same tag of a point', () => {
    const gap = { measurement: 'gap', at: 5, tags: { venue: 'own', cause: 'c' }, fields: { scope: 's' } };
    expect(influxLines({ venue: 'added' })(gap)).toBe('gap,cause=c,venue=added scope="s" 5000');
  });
});
