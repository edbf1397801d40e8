import { escape as influxEscape } from 'influx';
import { cleanField } from './clean-point.ts';
import { cleanTag } from './clean-tag.ts';
import type { FieldKind, Measurement } from './measurement.ts';
import { measurements } from './measurements.ts';
import { nanosOf } from './nanos.ts';
import type { Point } from './point.ts';

/** Nothing in it is escaped, in a tag or in a text. */
const PLAIN = /^[\w.:/-]+$/;
/** Values of tags that are remembered. They are bounded before they come here; this only bounds the memory. */
const MOST_KNOWN = 10_000;

const escapedTag = (value: string): string => (PLAIN.test(value) ? value : influxEscape.tag(value));
const quotedText = (value: string): string =>
  value.includes('"') || value.includes('\\') ? influxEscape.quoted(value) : `"${value}"`;

/** A clean value as the line protocol writes its kind. */
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
 * Makes lines of points: what `cleanPoint` leaves of each, in the line protocol, without its end, as the
 * client's `parsePoint` would write it, in less time. The kinds are known and names need no escape;
 * texts and tags are escaped by the client. Undefined for a point of which nothing is left. `tags` are added
 * to every point. Points of one series and microsecond get nanoseconds of their own (`nanosOf`), so each
 * point must be given once.
 */
export function influxLines(tags: Readonly<Record<string, string>>): (point: Point) => string | undefined {
  const known = new Map<string, string>();
  const tagText = (value: string): string => {
    const before = known.get(value);
    if (before !== undefined) return before;
    if (known.size >= MOST_KNOWN) known.clear();
    const text = escapedTag(cleanTag(value));
    known.set(value, text);
    return text;
  };
  const added = Object.entries(tags)
    .map(([name, value]) => `,${name}=${tagText(value)}`)
    .join('');
  const plans = new Map(
    Object.entries<Measurement>(measurements).map(([measurement, { tags: own, fields }]) => [
      measurement,
      {
        tags: Object.keys(own)
          .filter((name) => !(name in tags))
          .map((name) => ({ name, mark: `,${name}=` })),
        fields: Object.entries(fields)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, { kind }]) => ({ name, kind, mark: `,${name}=` })),
      },
    ]),
  );
  const nanos = nanosOf();
  return ({ measurement, tags: values, fields, at }) => {
    const plan = plans.get(measurement);
    if (!plan || !(Number.isSafeInteger(at) && at >= 0)) return undefined;
    let some = '';
    for (const { name, kind, mark } of plan.fields) {
      const value = cleanField(kind, fields[name]);
      if (value !== undefined && value !== null) some += mark + valueText(kind, value);
    }
    if (some === '') return undefined;
    let series = measurement;
    for (const { name, mark } of plan.tags) {
      const value = values[name];
      if (value !== undefined) series += mark + tagText(value);
    }
    // Fields begin with a space in place of the first comma.
    return `${series}${added} ${some.slice(1)} ${nanos(series, at)}`;
  };
}
