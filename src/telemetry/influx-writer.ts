import { FieldType, InfluxDB, escape as influxEscape } from 'influx';
import { firstValueFrom, Subject, takeUntil } from 'rxjs';
import { printable } from '../domain/printable.ts';
import { discreetHttp } from '../transport/discreet-http.ts';
import type { Http, HttpAnswer } from '../transport/http.ts';
import { redactor } from '../transport/redactor.ts';
import type { InfluxTarget } from './influx-url.ts';
import type { FieldKind, Measurement } from './measurement.ts';
import { measurements } from './measurements.ts';
import type { Point } from './point.ts';

/**
 * A point with its time as InfluxDB stores it: nanoseconds since the epoch, as a string of digits, since a
 * double cannot hold them.
 */
export interface NanoPoint extends Omit<Point, 'at'> {
  readonly nanos: string;
}

/** The outcome of a request. `refused` would be refused again; `failed` may be tried again. */
export type InfluxOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string; readonly databaseMissing: boolean };

/** The requests that a sink makes to a database. They never reject. */
export interface InfluxWriter {
  readonly createDatabase: () => Promise<InfluxOutcome>;
  readonly write: (points: readonly NanoPoint[]) => Promise<InfluxOutcome>;
  /** Ends the requests in flight. */
  readonly close: () => void;
}

const FIELD_TYPES: Readonly<Record<FieldKind, FieldType>> = {
  integer: FieldType.INTEGER,
  float: FieldType.FLOAT,
  boolean: FieldType.BOOLEAN,
  text: FieldType.STRING,
};

const OK = 200;
const NO_CONTENT = 204;
const REDIRECTED = 300;
const NOT_FOUND = 404;
/** A request that came too slowly, or one too many: the same points are welcome later. */
const LATER: ReadonlySet<number> = new Set([408, 429]);
const SERVER_ERROR = 500;
const EXCERPT = 300;

const failed = (why: string, databaseMissing = false): InfluxOutcome => ({
  kind: 'failed',
  why,
  databaseMissing,
});
const refused = (why: string): InfluxOutcome => ({ kind: 'refused', why });

/** The outcome of an answer that is not InfluxDB's word of success. */
const outcomeOf = ({ status, text }: { readonly status: number; readonly text: string }): InfluxOutcome => {
  const why = `HTTP ${status}: ${printable(text, EXCERPT)}`;
  if (status < REDIRECTED)
    return failed(`HTTP ${status} is not InfluxDB's answer, so nothing was written: ${printable(text, 80)}`);
  if (status === NOT_FOUND && text.includes('database not found')) return failed(why, true);
  return LATER.has(status) || status >= SERVER_ERROR ? failed(why) : refused(why);
};

/** The error of a query's answer; undefined if it has none, null if it is no answer of InfluxDB's. */
const errorOfQuery = (text: string): string | null | undefined => {
  try {
    const { results, error } = JSON.parse(text) as {
      readonly results?: readonly { readonly error?: unknown }[];
      readonly error?: unknown;
    };
    if (!Array.isArray(results)) return error === undefined ? null : String(error);
    const own = results.find((result) => result.error !== undefined)?.error;
    return own === undefined ? undefined : String(own);
  } catch {
    return null;
  }
};

/** Points in the line protocol, by the client's own casts and escapes. `tags` are those of every point. */
const linesOf = (tags: readonly string[]): ((points: readonly NanoPoint[]) => string) => {
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
  return (points) => points.map(lineOf).join('\n');
};

/**
 * A writer to InfluxDB 1.x, or to the same two endpoints of later versions. `tags` are the names of the tags
 * that the sink adds to every point. Points count as written by status 204 alone, and a database as made by
 * status 200 with the results of the query: a proxy answers 200 to anything
 * (docs.influxdata.com/influxdb/v1/tools/api). User and password go in a header and are hidden in answers.
 */
export function influxWriter(
  target: InfluxTarget,
  tags: readonly string[],
  requestMillis: number,
  http: Http,
): InfluxWriter {
  const { protocol, host, port, database, username = '', password = '' } = target;
  const base = `${protocol}://${host}:${port}`;
  const lines = linesOf(tags);
  const closed$ = new Subject<void>();
  const credentials = `${username}:${password}`;
  const discreet = redactor([password, username, credentials === ':' ? '' : credentials]);
  const authorization: Readonly<Record<string, string>> =
    credentials === ':' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  const ask = async (path: string, type: string, body: string): Promise<HttpAnswer> => {
    const answer = await firstValueFrom(
      discreetHttp(http)({
        method: 'POST',
        url: `${base}${path}`,
        headers: { 'content-type': type, ...authorization },
        body,
        timeoutMs: requestMillis,
      }).pipe(takeUntil(closed$)),
      { defaultValue: { kind: 'failed', why: 'the sink was closed', arrived: true } as const },
    );
    return answer.kind === 'failed'
      ? { ...answer, why: discreet(answer.why) }
      : { ...answer, text: discreet(answer.text) };
  };
  return {
    createDatabase: async () => {
      const query = `q=${encodeURIComponent(`CREATE DATABASE "${database}"`)}`;
      const answer = await ask('/query', 'application/x-www-form-urlencoded', query);
      if (answer.kind === 'failed') return failed(answer.why);
      if (answer.status !== OK) return outcomeOf(answer);
      const error = errorOfQuery(answer.text);
      if (error === null) return outcomeOf(answer);
      return error === undefined ? { kind: 'done' } : refused(printable(error, EXCERPT));
    },
    write: async (points) => {
      const path = `/write?db=${encodeURIComponent(database)}&precision=n`;
      const answer = await ask(path, 'text/plain; charset=utf-8', lines(points));
      if (answer.kind === 'failed') return failed(answer.why);
      return answer.status === NO_CONTENT ? { kind: 'done' } : outcomeOf(answer);
    },
    close: () => closed$.next(),
  };
}
