import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import Database from 'libsql';
import { openJournal } from '../../../src/execution/journal/journal.ts';
import {
  chainedHash,
  GENESIS,
  JOURNAL_KINDS,
  type JournalEntry,
} from '../../../src/execution/journal/journal-row.ts';
import { readJournal } from '../../../src/execution/journal/read-journal.ts';
import { verifyJournal } from '../../../src/execution/journal/verify-journal.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
let made = 0;
const fresh = (): string => join(root, `j${++made}`, 'journal.db');

const entry: fc.Arbitrary<JournalEntry> = fc.record({
  at: fc.integer({ min: 0, max: 2e15 }),
  kind: fc.constantFrom(...JOURNAL_KINDS),
  body: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null))),
});

const written = (path: string, batches: readonly (readonly JournalEntry[])[]): void => {
  const journal = openJournal(path);
  for (const batch of batches) journal.append(batch);
  journal.close();
};

describe('journal', () => {
  test('property: what was appended is read back in order, over restarts, and its chain holds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.array(entry, { maxLength: 4 }), { maxLength: 4 }), { maxLength: 3 }),
        (runs) => {
          const path = fresh();
          for (const batches of runs) written(path, batches);
          const entries = runs.flat(2);
          if (runs.length === 0) return;
          const rows = [...readJournal(path)];
          expect(rows.map(({ at, kind, body }) => ({ at, kind, body: JSON.parse(body) }))).toEqual(
            entries.map(({ at, kind, body }) => ({ at, kind, body: { ...body } })),
          );
          let head = GENESIS;
          for (const row of rows) head = chainedHash(head, row);
          expect(verifyJournal(path)).toEqual({ kind: 'whole', rows: entries.length, head, sealed: true });
        },
      ),
      { numRuns: 30 },
    );
  });

  test('property: one changed byte anywhere in a closed journal is found', () => {
    const path = fresh();
    written(path, [
      [{ at: 1, kind: 'opened', body: { name: 'first' } }],
      Array.from({ length: 40 }, (_, i) => ({ at: i, kind: 'intent' as const, body: { id: `v-${i}` } })),
    ]);
    const bytes = readFileSync(path);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const copy = join(root, 'changed.db');
        copyFileSync(`${path}.sha256`, `${copy}.sha256`);
        const other = Buffer.from(bytes);
        other[at] = (other[at] as number) ^ change;
        writeFileSync(copy, other);
        expect(verifyJournal(copy).kind).toBe('broken');
      }),
      { numRuns: 200 },
    );
  });

  test('property: one changed byte anywhere is found after a crash too, in the file and in its log', () => {
    const path = fresh();
    written(path, [[{ at: 1, kind: 'opened', body: { name: 'the first run' } }]]);
    const journal = openJournal(path);
    for (let i = 0; i < 30; i++) journal.append([{ at: i, kind: 'intent', body: { id: `é-${i}` } }]);
    // No close: the process ended here.
    const parts = ['', '-wal', '.sha256'].map((part) => [part, readFileSync(`${path}${part}`)] as const);
    const copy = join(root, 'crashed.db');
    const laid = (): void => {
      for (const [part, bytes] of parts) writeFileSync(`${copy}${part}`, bytes);
    };
    laid();
    expect(verifyJournal(copy)).toMatchObject({ kind: 'whole', rows: 31, sealed: false });
    const place = fc.constantFrom(...parts.slice(0, 2)).chain(([part, bytes]) =>
      fc.record({
        part: fc.constant(part),
        at: fc.nat(bytes.length - 1),
        change: fc.integer({ min: 1, max: 255 }),
      }),
    );
    fc.assert(
      fc.property(place, ({ part, at, change }) => {
        laid();
        const other = Buffer.from(readFileSync(`${copy}${part}`));
        other[at] = (other[at] as number) ^ change;
        writeFileSync(`${copy}${part}`, other);
        expect(verifyJournal(copy).kind).toBe('broken');
      }),
      { numRuns: 300 },
    );
    journal.close();
  });

  test('to verify or read a journal after a crash changes none of its files', () => {
    const path = fresh();
    const journal = openJournal(path);
    journal.append([{ at: 1, kind: 'opened', body: {} }]);
    const copy = join(root, 'read.db');
    for (const part of ['', '-wal', '.sha256']) copyFileSync(`${path}${part}`, `${copy}${part}`);
    const bytes = () =>
      ['', '-wal', '.sha256'].map((part) => readFileSync(`${copy}${part}`).toString('base64'));
    const before = bytes();
    expect(verifyJournal(copy)).toMatchObject({ kind: 'whole', rows: 1 });
    expect([...readJournal(copy)]).toHaveLength(1);
    expect(bytes()).toEqual(before);
    journal.close();
  });

  test('without a seal a text that is no longer UTF-8 is told, and does not end the process', () => {
    const path = fresh();
    written(path, [[{ at: 1, kind: 'opened', body: { name: 'a name to be found' } }]]);
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('a name to be found')] = 0xff;
    writeFileSync(path, bytes);
    rmSync(`${path}.sha256`);
    expect(verifyJournal(path)).toMatchObject({
      kind: 'broken',
      why: expect.stringContaining('cannot be read'),
    });
  });

  test('a crash at the very first opening leaves a journal without rows, not a broken one', () => {
    const path = join(root, 'begun.db');
    writeFileSync(path, '');
    expect(verifyJournal(path)).toMatchObject({ kind: 'whole', rows: 0 });
  });

  test.each([
    ['changed', "UPDATE journal SET body = '{}' WHERE seq = 7", 'row 7 was changed'],
    ['removed', 'DELETE FROM journal WHERE seq = 7', 'row 7 is missing'],
    [
      'added',
      "INSERT INTO journal VALUES (11, 1, 'intent', '{}', (SELECT hash FROM journal WHERE seq = 10))",
      'row 11 was changed',
    ],
  ])('without a seal, as after a crash, a row that was %s is named', (_, sql, why) => {
    const path = fresh();
    const journal = openJournal(path);
    journal.append(Array.from({ length: 10 }, (_, i) => ({ at: i, kind: 'intent', body: { i } })));
    // No close: the process ended here.
    expect(verifyJournal(path)).toMatchObject({ kind: 'whole', rows: 10, sealed: false });
    const database = new Database(path);
    database.exec(sql);
    database.close();
    expect(verifyJournal(path)).toMatchObject({ kind: 'broken', why: expect.stringContaining(why) });
  });

  test('a batch is written whole or not at all', () => {
    const path = fresh();
    const journal = openJournal(path);
    journal.append([{ at: 1, kind: 'opened', body: {} }]);
    const broken = { at: 2, kind: 'intent', body: { toJSON: () => undefined } } as unknown as JournalEntry;
    expect(() => journal.append([{ at: 2, kind: 'intent', body: {} }, broken])).toThrow();
    journal.append([{ at: 3, kind: 'closed', body: {} }]);
    journal.close();
    expect([...readJournal(path)].map(({ seq, kind }) => `${seq} ${kind}`)).toEqual(['1 opened', '2 closed']);
    expect(verifyJournal(path).kind).toBe('whole');
  });

  test('only its owner may read it', () => {
    const path = fresh();
    written(path, []);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  test('a file that is no journal, or is not there, is told as a sentence', () => {
    const path = join(root, 'no.db');
    expect(verifyJournal(path)).toEqual({
      kind: 'broken',
      why: `it cannot be read: there is no journal at ${path}`,
    });
    writeFileSync(path, 'no database');
    expect(verifyJournal(path).kind).toBe('broken');
  });
});
