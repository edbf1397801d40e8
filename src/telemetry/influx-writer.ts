import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { FieldType, InfluxDB, type IPoolOptions } from 'influx';
import type { InfluxTarget } from './influx-url.ts';
import { type FieldKind, type Measurement, measurements } from './measurements.ts';
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

/**
 * The requests that a sink makes to a database. They never reject, but may never settle: the client waits for
 * ever if a response breaks off in its body.
 */
export interface InfluxWriter {
  readonly createDatabase: () => Promise<InfluxOutcome>;
  readonly write: (points: readonly NanoPoint[]) => Promise<InfluxOutcome>;
  /** Closes the sockets, even with requests in flight. */
  readonly close: () => void;
}

const FIELD_TYPES: Readonly<Record<FieldKind, FieldType>> = {
  integer: FieldType.INTEGER,
  float: FieldType.FLOAT,
  boolean: FieldType.BOOLEAN,
  text: FieldType.STRING,
};

const REQUEST_TIMEOUT = 408;
const TOO_MANY_REQUESTS = 429;
const NOT_FOUND = 404;

// By default the client does not use a host for up to ten seconds after an error. The sink has its own waits.
const AT_ONCE: NonNullable<IPoolOptions['backoff']> = {
  getDelay: () => 0,
  next: () => AT_ONCE,
  reset: () => AT_ONCE,
};

/** A writer to InfluxDB 1.x. `tags` are the names of the tags that the sink adds to every point. */
export function influxWriter(
  target: InfluxTarget,
  tags: readonly string[],
  requestMillis: number,
): InfluxWriter {
  const { protocol, host, port, database, username, password } = target;
  const agent =
    protocol === 'https' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const client = new InfluxDB({
    database,
    hosts: [{ protocol, host, port, options: { agent } }],
    pool: { backoff: AT_ONCE, maxRetries: 0, requestTimeout: requestMillis },
    schema: Object.entries<Measurement>(measurements).map(([measurement, { tags: own, fields }]) => ({
      measurement,
      database,
      tags: [...own, ...tags],
      fields: Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, FIELD_TYPES[kind]])),
    })),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
  return {
    createDatabase: () => outcomeOf(() => client.createDatabase(database)),
    write: (points) =>
      outcomeOf(() =>
        client.writePoints(
          points.map(({ measurement, tags: values, fields, nanos }) => ({
            measurement,
            tags: { ...values },
            fields: { ...fields },
            timestamp: nanos,
          })),
          { precision: 'n' },
        ),
      ),
    close: () => agent.destroy(),
  };
}

const outcomeOf = async (ask: () => Promise<void>): Promise<InfluxOutcome> => {
  try {
    await ask();
    return { kind: 'done' };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const status = statusOf(error);
    const databaseMissing = status === NOT_FOUND && why.includes('database not found');
    const again = status === undefined || status === REQUEST_TIMEOUT || status === TOO_MANY_REQUESTS;
    return again || databaseMissing ? { kind: 'failed', why, databaseMissing } : { kind: 'refused', why };
  }
};

// The client attaches the response only to errors below 500, and exports no class for them.
const statusOf = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null || !('res' in error)) return undefined;
  return (error.res as { readonly statusCode?: number }).statusCode;
};
