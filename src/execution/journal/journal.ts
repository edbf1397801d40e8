import { rmSync, statSync } from 'node:fs';
import { chainedHash, GENESIS, type JournalEntry, type JournalRow } from './journal-row.ts';
import { openDatabase } from './open-database.ts';
import { rowsOf } from './read-journal.ts';
import { sealOf, writeSeal } from './seal.ts';
import { walOf } from './wal-holds.ts';

/** The record of everything that money depends on. */
export interface Journal {
  /**
   * Writes entries in one transaction and returns after they are on the disk. Throws if they cannot be
   * written; then none of them is.
   */
  readonly append: (entries: readonly JournalEntry[]) => void;
  /** The rows of one kind, oldest first. */
  readonly rows: (kind: JournalEntry['kind']) => readonly JournalRow[];
  /** Seals the file, so that any changed byte is found, and closes it. */
  readonly close: () => void;
}

/** The write-ahead log is folded into the file once it is as large as this, in bytes. */
const LARGE_LOG = 64 * 2 ** 20;
/** Appends between two looks at its size. */
const LOOK_EVERY = 1_000;

const TABLE =
  'CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL) STRICT';

/**
 * Opens an account's journal: SQLite in WAL mode with `synchronous = FULL`, so a commit is on the disk when
 * it returns (sqlite.org/pragma.html). Rows are chained by their hashes and never changed. They stay in the
 * write-ahead log, whose bytes have checksums, and the file's own bytes stay as they were sealed: so a
 * changed byte is found after a crash too. Only the holder of the account's lock may open it to write.
 */
export function openJournal(path: string): Journal {
  const database = openDatabase(path);
  /** Moves the log's rows into the file. Without a seal a crash in the middle is no changed byte. */
  const fold = (): void => {
    rmSync(sealOf(path), { force: true });
    const [done] = database.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[];
    if (done?.busy === 0) writeSeal(path);
  };
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('wal_autocheckpoint = 0');
  database.exec(TABLE);
  fold();
  const insert = database.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?)');
  const last = database.prepare('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1').get() as
    | Pick<JournalRow, 'seq' | 'hash'>
    | undefined;
  let head = { seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS };

  const insertRow = ({ seq, at, kind, body, hash }: JournalRow): void => {
    insert.run(seq, at, kind, body, hash);
  };
  const write = database.transaction((rows: readonly JournalRow[]) => {
    for (const row of rows) insertRow(row);
  });
  let appends = 0;
  /** An append that failed may have left frames in the log that the next one covers only in part. */
  let failed = false;
  return {
    append: (entries) => {
      if (failed || (++appends % LOOK_EVERY === 0 && statSync(walOf(path)).size > LARGE_LOG)) fold();
      failed = false;
      let { seq, hash } = head;
      const rows = entries.map(({ at, kind, body }) => {
        const row = { seq: ++seq, at, kind, body: JSON.stringify(body) };
        hash = chainedHash(hash, row);
        return { ...row, hash };
      });
      try {
        // One row is a transaction by itself, in a third of the calls.
        const [only] = rows;
        if (only && rows.length === 1) insertRow(only);
        else write.immediate(rows);
      } catch (cause) {
        failed = true;
        throw cause;
      }
      head = { seq, hash };
    },
    rows: (kind) => [...rowsOf(database, kind)],
    close: () => {
      fold();
      database.close();
    },
  };
}
