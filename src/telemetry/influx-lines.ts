import { escape as influxEscape } from 'influx';
import type { FieldKind, Measurement } from './measurement.ts';
import { measurements } from './measurements.ts';
import type { NanoPoint } from './nano-point.ts';

/** Nothing in it is escaped, in a tag or in a text. */
const PLAIN = /^[\w.:/-]+$/;

const tagText = (value: string): string => (PLAIN.test(value) ? value : influxEscape.tag(value));
const quotedText = (value: string): string =>
  value.includes('"') || value.includes('\\') ? influxEscape.quoted(value) : `"${value}"`;

/** A value as the line protocol writes its kind. */
const valueText = (kind: FieldKind, value: number | string | boolean): string => {
  switch (kind) {
    case 'integer':
      return `${value}i`;
    case 'float':
      return String(value);
    case 'boolean':
      return value ? 'T' : 'F';
    case 'text':
      return quotedText(String(value));
  }
};

/**
 * Clean points in the line protocol, one line each without its end, as the client's `parsePoint` would write
 * them, in less time: the kinds are known and names need no escape. Texts and tags are escaped
 * by the client. `tags` are those that the sink adds to every point.
 */
export const influxLines = (
  tags: readonly string[],
): ((points: readonly NanoPoint[]) => readonly string[]) => {
  const plans = new Map(
    Object.entries<Measurement>(measurements).map(([measurement, { tags: own, fields }]) => [
      measurement,
      {
        tags: [...Object.keys(own), ...tags],
        fields: Object.entries(fields)
          .map(([name, { kind }]) => ({ name, kind }))
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
      },
    ]),
  );
  const lineOf = ({ measurement, tags: values, fields, nanos }: NanoPoint): string => {
    const plan = plans.get(measurement);
    if (!plan) throw new Error(`telemetry: ${measurement} is not in the catalogue`);
    let line = measurement;
    for (const name of plan.tags) {
      const value = values[name];
      if (value !== undefined) line += `,${name}=${tagText(value)}`;
    }
    let mark = ' ';
    for (const { name, kind } of plan.fields) {
      const value = fields[name];
      if (value === undefined || value === null) continue;
      line += `${mark}${name}=${valueText(kind, value)}`;
      mark = ',';
    }
    return `${line} ${nanos}`;
  };
  return (points) => points.map(lineOf);
};
