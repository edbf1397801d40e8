import type { JournalRow } from './journal-row.ts';
import { type JournalDatabase, readDatabase } from './open-database.ts';

/** Rows of the journal as bytes: libsql ends the whole process at a text that is not UTF-8. */
const ROWS = 'SELECT seq, at, CAST(kind AS BLOB), CAST(body AS BLOB), CAST(hash AS BLOB) FROM journal';

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

const text = (value: unknown): string => UTF_8.decode(value as Buffer);

/** The rows of an open journal in order, all or those of one kind. Throws for a text that is none. */
export function* rowsOf(database: JournalDatabase, kind?: string): Generator<JournalRow> {
  const found =
    kind === undefined
      ? database.prepare(`${ROWS} ORDER BY seq`).raw().iterate()
      : database.prepare(`${ROWS} WHERE kind = ? ORDER BY seq`).raw().iterate(kind);
  for (const row of found) {
    const [seq, at, of, body, hash] = row as readonly unknown[];
    yield { seq: seq as number, at: at as number, kind: text(of), body: text(body), hash: text(hash) };
  }
}

/**
 * Reads a journal's rows in order, while its lane may be running. Throws if there is no journal at `path`.
 */
export function* readJournal(path: string): Generator<JournalRow> {
  const { database, close } = readDatabase(path);
  try {
    yield* rowsOf(database);
  } finally {
    close();
  }
}
