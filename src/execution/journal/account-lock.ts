import { openDatabase } from './open-database.ts';

/** A lock that is held. */
export interface AccountLock {
  readonly kind: 'locked';
  readonly release: () => void;
}

/** The reason why the lock was not given, as a sentence. */
export interface AccountBusy {
  readonly kind: 'busy';
  readonly why: string;
}

/**
 * Locks an account against a second writer. The lock is an exclusive transaction on a database of its own, so
 * the operating system ends it with the process, even after a kill −9, and no stale lock can stay. It holds
 * on one machine only.
 */
export function lockAccount(path: string): AccountLock | AccountBusy {
  const database = openDatabase(path);
  try {
    database.pragma('busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if ((cause as { code?: unknown }).code !== 'SQLITE_BUSY') throw cause;
    return {
      kind: 'busy',
      why: `another process trades with this account (${path} is locked); stop it first`,
    };
  }
  return {
    kind: 'locked',
    release: () => {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}
