import { downsampleOf } from '../../src/telemetry/downsample.ts';
import type { Measurement } from '../../src/telemetry/measurement.ts';
import { measurements } from '../../src/telemetry/measurements.ts';
import type { Target } from './influx-target.ts';

/** What to ask of one measurement. */
export interface Asked {
  readonly from: keyof typeof measurements;
  /** InfluxQL between SELECT and FROM. */
  readonly select: string;
  /** Conditions beside those of the variables, such as `"minutes" = '60'`. */
  readonly where?: readonly string[];
  /** Tags to tell series apart by. */
  readonly by?: readonly string[];
}

// A variable narrows every measurement that has its tag. `lane` is a tag of all of them.
const NARROWING = ['asset', 'series', 'close'] as const;

const conditions = ({ from, where = [] }: Asked): string => {
  const { tags }: Measurement = measurements[from];
  const narrowed = ['lane', ...NARROWING.filter((name) => name in tags)];
  return [...where, ...narrowed.map((name) => `"${name}" =~ /^$${name}$/`), '$timeFilter'].join(' AND ');
};

const tagList = (by: readonly string[] = []): string => by.map((tag) => `, "${tag}"`).join('');

const AVERAGED: ReadonlySet<string> = new Set(['mean', 'last']);

/**
 * Whether points of a minute or an hour answer as the raw ones do, as near as they can: each field is asked for
 * in the way that it was downsampled, or as an average where it was averaged. A count, a quantile and a text are
 * of raw points only.
 */
const isOfAnyPoints = ({ from, select }: Asked): boolean => {
  const { fields }: Measurement = measurements[from];
  const named = [...select.matchAll(/"(\w+)"/g)].filter(([, name = '']) => name in fields);
  const asked = [...select.matchAll(/(\w+)\("(\w+)"\)/g)].filter(([, , name = '']) => name in fields);
  return (
    asked.length === named.length &&
    asked.every(([, how = '', name = '']) => {
      const field = fields[name];
      const kept = field && downsampleOf(field);
      return kept === how || (kept !== undefined && AVERAGED.has(kept) && AVERAGED.has(how));
    })
  );
};

/** The measurement, of the retention policy that the variable `kept` names where that can be. */
const keptOrRaw = (asked: Asked): string =>
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in.
  isOfAnyPoints(asked) ? `${'${kept:raw}'}."${asked.from}"` : `"${asked.from}"`;

/** A value for each interval of the time shown, and for each value of the tags `by`. */
export const overTime = (
  asked: Asked & { readonly alias?: string; readonly fill?: 'none' | '0' | 'previous' },
): Target => ({
  query: `SELECT ${asked.select} FROM ${keptOrRaw(asked)} WHERE ${conditions(asked)} GROUP BY time($__interval)${tagList(asked.by)} fill(${asked.fill ?? 'none'})`,
  format: 'time_series',
  alias: asked.alias ?? '$col',
});

/** One row for each value of the tags `by`, or one row: of the whole time shown. */
export const summary = (asked: Asked): Target => ({
  query: `SELECT ${asked.select} FROM "${asked.from}" WHERE ${conditions(asked)}${tagList(asked.by).replace(', ', ' GROUP BY ')} LIMIT 1`,
  format: 'table',
});

/**
 * The newest row for each value of the tags `by`. Its fields are of one moment, while `last` of each field
 * would skip what is missing and mix moments.
 */
export const latest = (asked: Asked & { readonly by: readonly string[] }): Target => ({
  query: `SELECT ${asked.select} FROM "${asked.from}" WHERE ${conditions(asked)}${tagList(asked.by).replace(', ', ' GROUP BY ')} ORDER BY time DESC LIMIT 1`,
  format: 'table',
});

/** The last rows, newest first, at most `limit` of them. */
export const newest = (asked: Asked, limit: number): Target => ({
  query: `SELECT ${asked.select} FROM "${asked.from}" WHERE ${conditions(asked)} ORDER BY time DESC LIMIT ${limit}`,
  format: 'table',
});
