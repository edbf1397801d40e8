import { FieldType, InfluxDB, escape as influxEscape } from 'influx';
import type { NanoPoint } from './influx-writer.ts';
import type { FieldKind, Measurement } from './measurement.ts';
import { measurements } from './measurements.ts';

const FIELD_TYPES: Readonly<Record<FieldKind, FieldType>> = {
  integer: FieldType.INTEGER,
  float: FieldType.FLOAT,
  boolean: FieldType.BOOLEAN,
  text: FieldType.STRING,
};

/** Points in the line protocol, by the client's own casts and escapes. `tags` are those of every point. */
export const influxLines = (
  tags: readonly string[],
): ((points: readonly NanoPoint[]) => readonly string[]) => {
  const client = new InfluxDB({
    database: 'none',
    schema: Object.entries<Measurement>(measurements).map(([measurement, { tags: own, fields }]) => ({
      measurement,
      tags: [...Object.keys(own), ...tags],
      fields: Object.fromEntries(Object.entries(fields).map(([name, { kind }]) => [name, FIELD_TYPES[kind]])),
    })),
  });
  const lineOf = ({ measurement, tags: values, fields, nanos }: NanoPoint): string => {
    const parsed = client.parsePoint(
      { measurement, tags: { ...values }, fields: { ...fields }, timestamp: nanos },
      { precision: 'n' },
    );
    const key = parsed.tagsNames.map(
      (name) => `,${influxEscape.tag(name)}=${influxEscape.tag(values[name] ?? '')}`,
    );
    const pairs = parsed.fieldsPairs.map(([name, value]) => `${influxEscape.tag(name)}=${value}`);
    return `${parsed.measurement}${key.join('')} ${pairs.join(',')} ${nanos}`;
  };
  return (points) => points.map(lineOf);
};
