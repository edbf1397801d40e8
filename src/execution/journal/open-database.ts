import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { makeFolder } from '../../transport/make-folder.ts';
import { walOf } from './wal-holds.ts';

/** A database file through libsql, whose interface is that of better-sqlite3. */
export type JournalDatabase = Database.Database;

/** Creates the file and its folder for their owner alone, if they are not there, and opens it to write. */
export function openDatabase(path: string): JournalDatabase {
  makeFolder(dirname(path), 0o700);
  const fresh = !existsSync(path);
  const database = new Database(path);
  if (fresh) chmodSync(path, 0o600);
  return database;
}

/** A database to read only, to be closed. */
export interface ReadDatabase {
  readonly database: JournalDatabase;
  readonly close: () => void;
}

/**
 * Opens a copy of a file and of its write-ahead log to read. The file itself stays as it is: to close its
 * last connection would fold the log into it, even for a reader. Throws if there is no file at `path`.
 */
export function readDatabase(path: string): ReadDatabase {
  if (!existsSync(path)) throw new Error(`there is no journal at ${path}`);
  const folder = mkdtempSync(join(tmpdir(), 'voltage-journal-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'journal.db');
    copyFileSync(path, copy);
    if (existsSync(walOf(path))) copyFileSync(walOf(path), walOf(copy));
    const database = new Database(copy);
    return {
      database,
      close: () => {
        database.close();
        remove();
      },
    };
  } catch (cause) {
    remove();
    throw cause;
  }
}
