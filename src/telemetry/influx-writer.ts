import type { Http } from '../transport/http.ts';
import { failed, type InfluxOutcome, outcomeOf, queryAnswer, storedTypes } from './influx-answer.ts';
import { influxDoor } from './influx-door.ts';
import type { InfluxTarget } from './influx-url.ts';
import { type BadLine, conflictsOf, partialWrite } from './partial-write.ts';

/** The requests that a sink makes to a database. They never reject. */
export interface InfluxWriter {
  readonly createDatabase: () => Promise<InfluxOutcome>;
  /** Writes points in the line protocol, one line each, without line ends. */
  readonly write: (lines: readonly string[]) => Promise<InfluxOutcome>;
  /** Ends the requests in flight. */
  readonly close: () => void;
}

const OK = 200;
const NO_CONTENT = 204;
const BAD_REQUEST = 400;

const measurementOf = (line: string): string => line.slice(0, line.search(/[, ]/));

/**
 * A writer to InfluxDB 1.x, or to the same two endpoints of later versions. Points count as written by status 204 alone, and a database as made by
 * status 200 with the results of the query: a proxy answers 200 to anything
 * (docs.influxdata.com/influxdb/v1/tools/api). Credentials go in a header and are hidden in answers.
 */
export function influxWriter(target: InfluxTarget, requestMillis: number, http: Http): InfluxWriter {
  const door = influxDoor(target, requestMillis, http);

  /** Every line of a batch that has a field of another type than the database holds. */
  const conflicts = async (batch: readonly string[]): Promise<readonly BadLine[]> => {
    const names = [...new Set(batch.map(measurementOf))].map((name) => `"${name}"`).join(', ');
    const answer = await door.query(`SHOW FIELD KEYS ON "${target.database}" FROM ${names}`);
    const told = answer.kind === 'answered' && answer.status === OK ? queryAnswer(answer.text) : null;
    return conflictsOf(batch, storedTypes(told?.tables ?? []));
  };

  const write = async (batch: readonly string[]): Promise<InfluxOutcome> => {
    const answer = await door.write(batch.join('\n'));
    if (answer.kind === 'failed') return failed(answer.why);
    if (answer.status === NO_CONTENT) return { kind: 'done' };
    const partial = answer.status === BAD_REQUEST ? partialWrite(answer.text, batch) : undefined;
    if (!partial) return outcomeOf(answer);
    // InfluxDB 1.x states one reason of perhaps several, so it is asked for its types to find the rest.
    const more =
      partial.bad.length < partial.dropped && answer.text.includes('field type conflict')
        ? await conflicts(batch)
        : [];
    return { kind: 'partial', ...partial, ...(more.length > partial.bad.length && { bad: more }) };
  };

  return {
    createDatabase: async () => {
      const answer = await door.query(`CREATE DATABASE "${target.database}"`);
      if (answer.kind === 'failed') return failed(answer.why);
      const told = answer.status === OK ? queryAnswer(answer.text) : null;
      if (told === null) return outcomeOf(answer);
      return told.error === undefined ? { kind: 'done' } : { kind: 'refused', why: told.error };
    },
    write,
    close: door.close,
  };
}
