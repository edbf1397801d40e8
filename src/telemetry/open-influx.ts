import { fetchHttp } from '../transport/fetch-http.ts';
import { type InfluxSink, influxSink } from './influx.ts';
import { influxPlace, influxTarget } from './influx-url.ts';
import { influxWriter } from './influx-writer.ts';
import type { TelemetrySettings } from './settings.ts';

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
): InfluxSink {
  const target = influxTarget(url);
  const writer = influxWriter(target, Object.keys(tags), settings.requestMillis, fetchHttp());
  return influxSink({
    writer,
    settings,
    tags,
    onTrouble: (why) => onTrouble(`InfluxDB at ${influxPlace(target)}: ${why}`),
  });
}
