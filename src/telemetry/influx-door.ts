import { firstValueFrom, Subject, takeUntil } from 'rxjs';
import { discreetHttp } from '../transport/discreet-http.ts';
import type { Http, HttpAnswer } from '../transport/http.ts';
import { redactor } from '../transport/redactor.ts';
import type { InfluxTarget } from './influx-url.ts';

/** Requests to the two endpoints of InfluxDB 1.x. They never reject, and answers show no credentials. */
export interface InfluxDoor {
  /** Sends lines of the line protocol with times in nanoseconds. */
  readonly write: (body: string) => Promise<HttpAnswer>;
  /** Asks one statement of InfluxQL. */
  readonly query: (statement: string) => Promise<HttpAnswer>;
  /** Ends the requests in flight. */
  readonly close: () => void;
}

/** The door of a database. Credentials go in a header: a token if there is one, else user and password. */
export function influxDoor(target: InfluxTarget, requestMillis: number, http: Http): InfluxDoor {
  const { protocol, host, port, database, username = '', password = '', token = '' } = target;
  const base = `${protocol}://${host}:${port}`;
  const closed$ = new Subject<void>();
  const credentials = `${username}:${password}`;
  const discreet = redactor([password, username, credentials === ':' ? '' : credentials, token]);
  const basic: Readonly<Record<string, string>> =
    credentials === ':' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  const authorization = token ? { authorization: `Token ${token}` } : basic;
  const ask = async (path: string, type: string, body: string): Promise<HttpAnswer> => {
    const answer = await firstValueFrom(
      discreetHttp(http)({
        method: 'POST',
        url: `${base}${path}`,
        headers: { 'content-type': type, ...authorization },
        body,
        timeoutMs: requestMillis,
      }).pipe(takeUntil(closed$)),
      { defaultValue: { kind: 'failed', why: 'the sink was closed', arrived: true } as const },
    );
    return answer.kind === 'failed'
      ? { ...answer, why: discreet(answer.why) }
      : { ...answer, text: discreet(answer.text) };
  };
  return {
    write: (body) =>
      ask(`/write?db=${encodeURIComponent(database)}&precision=n`, 'text/plain; charset=utf-8', body),
    query: (statement) =>
      ask('/query', 'application/x-www-form-urlencoded', `q=${encodeURIComponent(statement)}`),
    close: () => closed$.next(),
  };
}
