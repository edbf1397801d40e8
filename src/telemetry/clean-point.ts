import { printable } from '../domain/printable.ts';
import { cleanTag } from './clean-tag.ts';
import type { FieldKind, Measurement } from './measurement.ts';
import { measurements } from './measurements.ts';
import type { Point } from './point.ts';

const LONGEST_TEXT = 1000;
const catalogue: Readonly<Record<string, Measurement>> = measurements;

/**
 * The point as InfluxDB accepts it; undefined if it has no valid field or its time is not a whole number of
 * microseconds. Fields that are undefined, not finite or not of their kind are left out.
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

/** The value of a field if it is of its kind, a text as one printable line; else undefined. */
export const cleanField = (
  kind: FieldKind | undefined,
  value: Point['fields'][string],
): Point['fields'][string] => {
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
