import { type Command, Option } from 'commander';
import { influxDoor } from '../../telemetry/influx-door.ts';
import { type InfluxTarget, influxPlace, influxTarget } from '../../telemetry/influx-url.ts';
import { askInflux, initInflux } from '../../telemetry/init-influx.ts';
import { backfillStatements, retentionSteps } from '../../telemetry/retention.ts';
import { fetchHttp } from '../../transport/fetch-http.ts';
import { existingFile } from '../existing-file.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { integerWithin, UsageError } from '../usage.ts';

interface Flags {
  readonly config?: string;
  readonly dryRun?: boolean;
  readonly backfill?: number;
  readonly json?: boolean;
}

const MOST_HOURS = 24 * 366;
/** Downsampling of many hours takes longer than a write. */
const LEAST_REQUEST_MILLIS = 60_000;

const ONLY_ONE =
  'retention policies and continuous queries are of InfluxDB 1.x; 2.x keeps time in buckets and downsamples by tasks, ' +
  '3.x by its own means, and neither was tried (docs/telemetry.md)';

function targetOf(url: string | undefined, token: string | undefined): InfluxTarget {
  if (!url)
    throw new UsageError(
      'influx init: name the database: set INFLUX_URL, or telemetry.influxUrl in the settings',
    );
  try {
    return { ...influxTarget(url), token };
  } catch (cause) {
    throw new UsageError((cause as Error).message);
  }
}

/** Adds `voltage influx init`. */
export function addInflux(program: Command): void {
  program
    .command('influx')
    .command('init')
    .description(
      'make the database, its retention policies and the queries that downsample; to do it again changes only what differs',
    )
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existingFile))
    .option('--dry-run', 'print the statements and ask nothing')
    .addOption(
      new Option('--backfill <hours>', 'downsample what was written in the last hours too').argParser(
        integerWithin(1, MOST_HOURS),
      ),
    )
    .option('--json', 'print the result as one line of JSON')
    .action(async ({ config, dryRun = false, backfill, json = false }: Flags) => {
      const { telemetry } = readSettings(config);
      const target = targetOf(
        process.env['INFLUX_URL'] || telemetry.influxUrl,
        process.env['INFLUX_TOKEN'] || undefined,
      );
      const { database } = target;
      const place = influxPlace(target);
      const steps = retentionSteps(database, telemetry.retention);
      const filling = backfill === undefined ? [] : backfillStatements(database, backfill);
      if (dryRun) {
        const statements = [...steps.map(({ statement }) => statement), ...filling];
        printResult(
          { place, dryRun, statements },
          json,
          statements.map((statement) => `${statement};`),
        );
        return;
      }
      const requestMillis = Math.max(LEAST_REQUEST_MILLIS, telemetry.requestMillis);
      const door = influxDoor(target, requestMillis, fetchHttp());
      const done = await initInflux(door, steps);
      const failed = done.find(({ outcome }) => outcome === 'failed');
      let why = failed && `${failed.makes}: ${failed.why}`;
      let filled = 0;
      for (const statement of failed ? [] : filling) {
        why = await askInflux(door, statement);
        if (why !== undefined) break;
        filled += 1;
      }
      const changed = done.filter(({ outcome }) => outcome === 'changed').map(({ makes }) => makes);
      printResult({ place, steps: done, filled, why: why ?? null }, json, [
        `${place}: ${done.length - (failed ? 1 : 0)} of ${steps.length} steps done` +
          (changed.length > 0 ? `, changed: ${changed.join(', ')}` : ''),
        ...(backfill !== undefined && !failed
          ? [`${filled} of ${filling.length} queries over the last ${backfill} hours done`]
          : []),
        ...(why === undefined ? [] : [`failed: ${why}`, ONLY_ONE]),
      ]);
      if (why !== undefined) process.exitCode = 1;
    });
}
