import { chainedHash, GENESIS } from './journal-row.ts';
import { readDatabase } from './open-database.ts';
import { rowsOf } from './read-journal.ts';
import { hashOf, readSeal } from './seal.ts';
import { walHolds } from './wal-holds.ts';

/**
 * What was found. `sealed` is false while a lane runs and after a crash: then rows are in the write-ahead
 * log.
 */
export type Verified =
  | { readonly kind: 'whole'; readonly rows: number; readonly head: string; readonly sealed: boolean }
  | { readonly kind: 'broken'; readonly why: string };

const sentence = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** A lane that runs folds its log into the file now and then; nobody does it so often. */
const TRIES = 5;

/**
 * Checks a journal: every byte of the file by its seal, every byte of the write-ahead log by its checksums,
 * the database's own structure, and the chain of all rows. It never throws for what the file holds, and
 * changes nothing.
 */
export function verifyJournal(path: string): Verified {
  for (let tries = 1; ; tries++) {
    const seal = readSeal(path);
    const found = look(path, seal);
    // What was read while a lane folded its log is half old and half new.
    if (found.kind === 'whole' || tries === TRIES || readSeal(path) === seal) return found;
  }
}

function look(path: string, seal: string | undefined): Verified {
  let rows = 0;
  let head = GENESIS;
  try {
    if (seal !== undefined && hashOf(path) !== seal)
      return { kind: 'broken', why: `its bytes have changed: they are not those of the seal beside it` };
    const log = walHolds(path);
    if (log.why !== undefined) return { kind: 'broken', why: log.why };
    const { database, close } = readDatabase(path);
    try {
      const [check] = database.pragma('integrity_check') as readonly { readonly integrity_check?: unknown }[];
      if (check?.integrity_check !== 'ok')
        return { kind: 'broken', why: `the database is damaged: ${String(check?.integrity_check)}` };
      // A crash at the very first opening leaves a file without a table, and without a seal.
      const begun =
        seal !== undefined || database.prepare('SELECT 1 FROM sqlite_master').raw().all().length > 0;
      for (const row of begun ? rowsOf(database) : []) {
        rows++;
        if (row.seq !== rows)
          return { kind: 'broken', why: `row ${rows} is missing: row ${row.seq} comes after ${rows - 1}` };
        if (chainedHash(head, row) !== row.hash)
          return { kind: 'broken', why: `row ${row.seq} was changed after it was written` };
        head = row.hash;
      }
    } finally {
      close();
    }
    return { kind: 'whole', rows, head, sealed: seal !== undefined && log.frames === 0 };
  } catch (cause) {
    return { kind: 'broken', why: `it cannot be read: ${sentence(cause)}` };
  }
}
