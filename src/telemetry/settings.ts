import { z } from 'zod';
import { storeSettings } from './store/settings.ts';

/** Settings of the operator's databases and logs. */
export const telemetrySettings = z
  .strictObject({
    influxUrl: z
      .string()
      .min(1)
      .optional()
      .describe(
        "InfluxDB's address, `http://user:password@host:port/database`. The environment's INFLUX_URL stands above it. " +
          'Nothing is written without either.',
      ),
    batchPoints: z
      .int()
      .min(1)
      .max(10_000)
      .default(1000)
      .describe('A batch is sent when it holds this many points.'),
    batchMillis: z
      .int()
      .min(1)
      .default(250)
      .describe('A batch is sent when its first point has waited this long.'),
    inFlight: z.int().min(1).max(8).default(2).describe('Most batches that are on their way at a time.'),
    queuePoints: z
      .int()
      .min(1)
      .default(50_000)
      .describe('Most points that may wait. Beyond it the oldest are dropped and counted.'),
    requestMillis: z.int().min(1).default(5000).describe('Time after which a request counts as failed.'),
    retryFirstMillis: z
      .int()
      .min(1)
      .default(250)
      .describe('First wait before a failed batch is sent again. It doubles each time.'),
    retryMaxMillis: z
      .int()
      .min(1)
      .default(10_000)
      .describe('Longest wait before a failed batch is sent again.'),
    closeMillis: z
      .int()
      .min(0)
      .default(5000)
      .describe('Time that sending the rest may take when the command ends.'),
    spillFolder: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Folder where points wait on disk while InfluxDB is away; the next run sends what is left there. The user's own " +
          'state folder if it is not set.',
      ),
    spillMegabytes: z
      .int()
      .min(0)
      .max(100_000)
      .default(256)
      .describe(
        'Most megabytes that may wait on disk. Beyond them the oldest points are given up and counted. 0 keeps nothing on disk.',
      ),
    spillHours: z
      .number()
      .positive()
      .max(8760)
      .default(24)
      .describe('Points that have waited on disk for so many hours are given up and counted.'),
    tagValues: z
      .int()
      .min(1)
      .max(100_000)
      .default(200)
      .describe(
        'Most values of one tag of one measurement. Each one after them is written as `other` and counted, since each value ' +
          'makes a series of its own in a database.',
      ),
    metricsPort: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe(
        'Port on the loopback interface that serves the last values in OpenMetrics text at `/metrics`, for Prometheus. 0 takes ' +
          'a free port. Nothing is served if it is not set.',
      ),
    retention: z
      .strictObject({
        rawDays: z
          .int()
          .min(0)
          .default(7)
          .describe('Days for which points are kept as they were written. 0 keeps them for ever.'),
        minuteDays: z
          .int()
          .min(0)
          .default(90)
          .describe('Days for which one point a minute is kept. 0 is for ever.'),
        hourDays: z
          .int()
          .min(0)
          .default(1825)
          .describe('Days for which one point an hour is kept. 0 is for ever.'),
      })
      .prefault({})
      .describe('How long the database keeps what it is given. `voltage influx init` makes it so.'),
    logLevel: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .default('info')
      .describe('Least severe level that is logged on stderr.'),
    store: storeSettings.prefault({}),
  })
  .describe("How the operator's database and log are fed.");

/** Settings of the telemetry room. */
export type TelemetrySettings = z.infer<typeof telemetrySettings>;
