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
    logLevel: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .default('info')
      .describe('Least severe level that is logged on stderr.'),
    store: storeSettings.prefault({}),
  })
  .describe("How the operator's database and log are fed.");

/** Settings of the telemetry room. */
export type TelemetrySettings = z.infer<typeof telemetrySettings>;
