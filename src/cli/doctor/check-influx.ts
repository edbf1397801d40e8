import { map, type Observable, of } from 'rxjs';
import { influxPlace, influxTarget } from '../../telemetry/influx-url.ts';
import type { Http } from '../../transport/http.ts';
import { fail, ok, skipped, type Verdict, warn } from './verdict.ts';

/** What to do if InfluxDB does not answer. */
export const INFLUX_HINT =
  'start InfluxDB, correct INFLUX_URL, or unset it: lanes run all the same, without points';

const TIMEOUT_MS = 6_000;

/**
 * Whether the InfluxDB at `url` answers its ping; skipped without a URL. An address that cannot be read
 * fails, because lanes refuse it too.
 */
export function checkInflux(http: Http, url: string | undefined): Observable<Verdict> {
  if (!url)
    return of(skipped('not configured', 'to have dashboards, set INFLUX_URL (http://host:8086/voltage)'));
  let target: ReturnType<typeof influxTarget>;
  try {
    target = influxTarget(url);
  } catch (cause) {
    return of(fail((cause as Error).message, 'correct INFLUX_URL, or unset it'));
  }
  const place = influxPlace(target);
  const { protocol, host, port } = target;
  return http({
    method: 'GET',
    url: `${protocol}://${host}:${port}/ping`,
    headers: {},
    body: undefined,
    timeoutMs: TIMEOUT_MS,
  }).pipe(
    map((answer) => {
      if (answer.kind === 'failed') return warn(`${place}: ${answer.why}`, INFLUX_HINT);
      return answer.status === 204 || answer.status === 200
        ? ok(`${place} answers`)
        : warn(`${place}: the ping was answered with ${answer.status}`, INFLUX_HINT);
    }),
  );
}
