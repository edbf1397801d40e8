import { z } from 'zod';

/** How the operator's databases and logs are fed. */
export const telemetrySettings = z.strictObject({
  /** `http://user:password@host:port/database`; the environment's INFLUX_URL wins. Nothing is written without either. */
  influxUrl: z.string().min(1).optional(),
  /** A batch goes when it has this many points, or its first point has waited this many milliseconds. */
  batchPoints: z.int().min(1).max(10_000).default(1000),
  batchMillis: z.int().min(1).default(250),
  /** Batches on their way at a time. */
  inFlight: z.int().min(1).max(8).default(2),
  /** Points that may wait; the oldest are dropped, and counted, beyond it. */
  queuePoints: z.int().min(1).default(50_000),
  /** Milliseconds after which a request counts as failed. */
  requestMillis: z.int().min(1).default(5000),
  /** First and longest wait before a failed batch is sent again, in milliseconds; it doubles in between. */
  retryFirstMillis: z.int().min(1).default(250),
  retryMaxMillis: z.int().min(1).default(10_000),
  /** Milliseconds that closing may take to send what is left. */
  closeMillis: z.int().min(0).default(5000),
  /** Least severe level that is logged, on stderr. */
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/** Settings of the telemetry room. */
export type TelemetrySettings = z.infer<typeof telemetrySettings>;
