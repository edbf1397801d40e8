import { chainedHash, GENESIS } from '../dist/src/execution/journal/journal-row.js';
import { openDatabase } from '../dist/src/execution/journal/open-database.js';

/** The journal's rows, hashes and transactions without its fsync, so that the cost of the disk shows. */
export function unsyncedJournal(path) {
  const database = openDatabase(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = OFF');
  database.exec(
    'CREATE TABLE journal (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL) STRICT',
  );
  const insert = database.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?)');
  let seq = 0;
  let head = GENESIS;
  const insertRow = (row) => insert.run(row.seq, row.at, row.kind, row.body, row.hash);
  const write = database.transaction((rows) => {
    for (const row of rows) insertRow(row);
  });
  return {
    append: (entries) => {
      const rows = entries.map(({ at, kind, body }) => {
        const row = { seq: ++seq, at, kind, body: JSON.stringify(body) };
        head = chainedHash(head, row);
        return { ...row, hash: head };
      });
      if (rows.length === 1) insertRow(rows[0]);
      else write.immediate(rows);
    },
    close: () => database.close(),
  };
}
