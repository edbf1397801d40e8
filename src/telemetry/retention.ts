import { downsampleOf } from './downsample.ts';
import type { Measurement } from './measurement.ts';
import { measurements } from './measurements.ts';
import type { TelemetrySettings } from './settings.ts';

/** One statement of InfluxQL, and what is to be asked where something else has its name. */
export interface RetentionStep {
  /** What it makes, such as `retention policy raw`. */
  readonly makes: string;
  readonly statement: string;
  readonly otherwise: readonly string[];
}

const DAY_HOURS = 24;
/** Points that were late by no more than this are counted too: a replay from disk takes its time. */
const SPANS = {
  minute: { time: '1m', resample: 'RESAMPLE EVERY 1m FOR 15m' },
  hour: { time: '1h', resample: 'RESAMPLE EVERY 10m FOR 3h' },
} as const;
type Downsampled = keyof typeof SPANS;

const policy = (database: string, name: string, days: number): RetentionStep => {
  const duration = days === 0 ? 'INF' : `${days * DAY_HOURS}h`;
  // A shard is dropped as a whole, so it is small where little is kept.
  const shard = name === 'raw' ? '24h' : '168h';
  const isDefault = name === 'raw' ? ' DEFAULT' : '';
  const terms = `DURATION ${duration} REPLICATION 1 SHARD DURATION ${shard}${isDefault}`;
  return {
    makes: `retention policy ${name}`,
    statement: `CREATE RETENTION POLICY "${name}" ON "${database}" ${terms}`,
    otherwise: [`ALTER RETENTION POLICY "${name}" ON "${database}" ${terms}`],
  };
};

/** The query that makes a measurement's points of one policy from its raw points; `where` may be empty. */
const downsampling = (
  database: string,
  to: Downsampled,
  [name, { fields }]: readonly [string, Measurement],
  where: string,
): string => {
  const columns = Object.entries(fields).flatMap(([field, of]) => {
    const how = downsampleOf(of);
    return how === undefined ? [] : [`${how}("${field}") AS "${field}"`];
  });
  const [first = ''] = Object.keys(fields);
  const selected = [...columns, `count("${first}") AS "points"`].join(', ');
  const from = `FROM "${database}"."raw"."${name}"`;
  return `SELECT ${selected} INTO "${database}"."${to}"."${name}" ${from}${where} GROUP BY time(${SPANS[to].time}), *`;
};

const all = Object.entries<Measurement>(measurements);
const targets = Object.keys(SPANS) as readonly Downsampled[];

/**
 * The statements that make a database keep raw points, one a minute and one an hour, each for its time. They
 * may be asked again: what is there and equal stays, what differs is changed.
 */
export function retentionSteps(
  database: string,
  { rawDays, minuteDays, hourDays }: TelemetrySettings['retention'],
): readonly RetentionStep[] {
  return [
    { makes: `database ${database}`, statement: `CREATE DATABASE "${database}"`, otherwise: [] },
    policy(database, 'raw', rawDays),
    policy(database, 'minute', minuteDays),
    policy(database, 'hour', hourDays),
    ...targets.flatMap((to) =>
      all.map((measurement) => {
        const name = `${to}_${measurement[0]}`;
        const query = downsampling(database, to, measurement, '');
        const create = `CREATE CONTINUOUS QUERY "${name}" ON "${database}" ${SPANS[to].resample} BEGIN ${query} END`;
        return {
          makes: `continuous query ${name}`,
          statement: create,
          otherwise: [`DROP CONTINUOUS QUERY "${name}" ON "${database}"`, create],
        };
      }),
    ),
  ];
}

/** The queries that downsample what was written in the last hours, such as points that were long on disk. */
export const backfillStatements = (database: string, hours: number): readonly string[] =>
  targets.flatMap((to) =>
    all.map((measurement) => downsampling(database, to, measurement, ` WHERE time >= now() - ${hours}h`)),
  );
