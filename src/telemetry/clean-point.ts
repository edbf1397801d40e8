import { printable } from '../domain/printable.ts';
import type { FieldKind, Measurement } from './measurement.ts';
import { measurements } from './measurements.ts';
import type { Point } from './point.ts';

const LONGEST_TEXT = 1000;
const LONGEST_TAG = 200;
const PLAIN_TAG = /^[\w.:-]{1,200}$/;
const catalogue: Readonly<Record<string, Measurement>> = measurements;

/**
 * The point as InfluxDB accepts it; undefined if it has no valid field or its time is not a whole number of
 * microseconds. Fields that are undefined, not finite or not of their kind are left out. In the line protocol
 * a newline ends a point even within a tag, a last backslash of a tag is an escape, and an empty tag is
 * refused: https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
 */
export function cleanPoint({ measurement, tags, fields, at }: Point): Point | undefined {
  if (!(Number.isSafeInteger(at) && at >= 0)) return undefined;
  const known = catalogue[measurement]?.fields ?? {};
  const kept: Record<string, number | string | boolean> = {};
  let some = false;
  for (const name in fields) {
    const value = cleanField(known[name]?.kind, fields[name]);
    if (value === undefined || value === null) continue;
    kept[name] = value;
    some = true;
  }
  if (!some) return undefined;
  const cleanTags: Record<string, string> = {};
  for (const name in tags) cleanTags[name] = cleanTag(tags[name] ?? '');
  return { measurement, at, tags: cleanTags, fields: kept };
}

const cleanField = (kind: FieldKind | undefined, value: Point['fields'][string]): Point['fields'][string] => {
  switch (kind) {
    case 'integer':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'float':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'text':
      return typeof value === 'string' ? printable(value, LONGEST_TEXT) : undefined;
    case undefined:
      return undefined;
  }
};

const cleanTag = (value: string): string =>
  PLAIN_TAG.test(value) ? value : printable(value, LONGEST_TAG).replace(/\\+$/, '').trim() || 'none';
