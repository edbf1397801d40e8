import { printable } from '../domain/printable.ts';
import type { HttpAnswered } from '../transport/http.ts';
import type { BadLine, StoredTypes } from './partial-write.ts';

/**
 * The outcome of a request. `partial` stored the batch but for some lines, each of which would be refused
 * again; `refused` would be refused again as a whole; `failed` may be tried again.
 */
export type InfluxOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'partial'; readonly dropped: number; readonly bad: readonly BadLine[] }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string; readonly databaseMissing: boolean };

const REDIRECTED = 300;
const NOT_FOUND = 404;
/** A request that came too slowly, or one too many: the same points are welcome later. */
const LATER: ReadonlySet<number> = new Set([408, 429]);
const SERVER_ERROR = 500;
const EXCERPT = 300;
const SHORT_EXCERPT = 80;

/** An outcome that may be another one later. */
export const failed = (why: string, databaseMissing = false): InfluxOutcome => ({
  kind: 'failed',
  why,
  databaseMissing,
});

/** The outcome of an answer that is not InfluxDB's word of success. */
export const outcomeOf = ({ status, text }: Pick<HttpAnswered, 'status' | 'text'>): InfluxOutcome => {
  const why = `HTTP ${status}: ${printable(text, EXCERPT)}`;
  if (status < REDIRECTED)
    return failed(
      `HTTP ${status} is not InfluxDB's answer, so nothing was written: ${printable(text, SHORT_EXCERPT)}`,
    );
  if (status === NOT_FOUND && text.includes('database not found')) return failed(why, true);
  return LATER.has(status) || status >= SERVER_ERROR ? failed(why) : { kind: 'refused', why };
};

/** One series of a query's answer: a table with a name. */
export interface InfluxTable {
  readonly name?: string;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

/** What a query's answer says: tables, or an error. Null if it is no answer of InfluxDB's. */
export function queryAnswer(
  text: string,
): { readonly error: string | undefined; readonly tables: readonly InfluxTable[] } | null {
  try {
    const { results, error } = JSON.parse(text) as {
      readonly results?: readonly { readonly error?: unknown; readonly series?: readonly InfluxTable[] }[];
      readonly error?: unknown;
    };
    if (!Array.isArray(results)) return error === undefined ? null : { error: String(error), tables: [] };
    const own = results.find((result) => result.error !== undefined)?.error;
    return {
      error: own === undefined ? undefined : printable(String(own), EXCERPT),
      tables: results.flatMap(({ series = [] }) => series),
    };
  } catch {
    return null;
  }
}

/** The types that SHOW FIELD KEYS lists, by measurement and field. */
export function storedTypes(tables: readonly InfluxTable[]): StoredTypes {
  const stored = new Map<string, Set<string>>();
  for (const { name, values } of tables)
    for (const [field, type] of values) {
      const key = `${name} ${String(field)}`;
      stored.set(key, (stored.get(key) ?? new Set<string>()).add(String(type)));
    }
  return stored;
}
