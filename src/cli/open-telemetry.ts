import type { Settings } from '../config/settings.ts';
import type { AuditEvent } from '../domain/events/audit.ts';
import { openLog } from '../telemetry/log.ts';
import { openInflux } from '../telemetry/open-influx.ts';
import { pointsOf } from '../telemetry/points.ts';
import { UsageError } from './usage.ts';

/** Where a lane's events go in addition to its own files. */
export interface Telemetry {
  readonly tap: (event: AuditEvent) => void;
  /** Sends the waiting points, for a bounded time, and reports how many were dropped. */
  readonly close: () => Promise<void>;
}

/**
 * Telemetry of one run, with points tagged by `lane` and the settings' label. Without an InfluxDB (the
 * environment's `INFLUX_URL`, else the settings' `influxUrl`) no points are made. The lane never waits for
 * the database: points wait in a bounded queue that drops the oldest.
 */
export function openTelemetry(lane: string, { telemetry, label }: Settings): Telemetry {
  const url = process.env['INFLUX_URL'] ?? telemetry.influxUrl;
  if (!url) return { tap: () => {}, close: async () => {} };
  const log = openLog(telemetry.logLevel);
  const sink = (() => {
    try {
      return openInflux(url, telemetry, { lane, label }, (why) => log.warn(why));
    } catch (cause) {
      throw new UsageError((cause as Error).message);
    }
  })();
  return {
    tap: (event) => {
      const points = pointsOf(event);
      if (points.length > 0) sink.write(points);
    },
    close: async () => {
      await sink.close();
      log.info(sink.stats(), 'telemetry');
    },
  };
}
