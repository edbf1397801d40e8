import { join } from 'node:path';
import { fetchHttp } from '../transport/fetch-http.ts';
import { type InfluxSink, influxSink } from './influx.ts';
import { influxPlace, influxTarget } from './influx-url.ts';
import { influxWriter } from './influx-writer.ts';
import { ownSpill } from './own-spill.ts';
import type { TelemetrySettings } from './settings.ts';

/** What a sink to InfluxDB is given beside its settings. */
export interface OpenInfluxOptions {
  /** Where points may wait on disk; without it they wait in memory alone. */
  readonly spillFolder?: string | undefined;
  /** Stands above the user and password of the address. */
  readonly token?: string | undefined;
  /** Wall time in milliseconds since 1970. */
  readonly nowMillis?: () => number;
}

const BYTES = 1e6;
const HOUR_MILLIS = 3_600_000;

/**
 * A sink to the InfluxDB at `url` (see `influxTarget`, which throws on a bad one); `tags` are added to every
 * point. The database is not checked before points are written; if it is absent, that is reported to
 * `onTrouble` and stops nothing.
 */
export function openInflux(
  url: string,
  settings: TelemetrySettings,
  tags: Readonly<Record<string, string>>,
  onTrouble: (why: string) => void,
  {
    spillFolder,
    token,
    nowMillis = () => performance.timeOrigin + performance.now(),
  }: OpenInfluxOptions = {},
): InfluxSink {
  const target = { ...influxTarget(url), token };
  const writer = influxWriter(target, settings.requestMillis, fetchHttp());
  const tell = (why: string): void => onTrouble(`InfluxDB at ${influxPlace(target)}: ${why}`);
  const { protocol, host, port, database } = target;
  const spill =
    spillFolder === undefined || settings.spillMegabytes === 0
      ? undefined
      : ownSpill(join(spillFolder, `${protocol}-${host}-${port}-${database}`.replace(/[^\w.-]/g, '_')), {
          mostBytes: settings.spillMegabytes * BYTES,
          mostMillis: settings.spillHours * HOUR_MILLIS,
          nowMillis,
          onTrouble: tell,
        });
  const left = spill?.lines() ?? 0;
  if (left > 0) tell(`${left} points of an earlier run wait on disk and are sent first`);
  return influxSink({ writer, settings, spill, tags, onTrouble: tell });
}
