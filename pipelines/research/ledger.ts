import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { lockFolder } from '../../src/tape/lock-folder.ts';
import { readSmallFile } from '../../src/tape/read-small-file.ts';
import { writeAllSync } from '../../src/tape/write-all.ts';

const entry = z.strictObject({
  n: z.int().positive(),
  /** `began` is written before a trial runs, so that one which is broken off is there too. */
  state: z.enum(['began', 'ended']),
  /** Equal for both lines of one trial. */
  id: z.string(),
  name: z.string(),
  mark: z.string(),
  /** Time of the data, ISO 8601; null where it is not known yet. */
  from: z.string().nullable(),
  until: z.string().nullable(),
  sharpe: z.number().nullable(),
  hours: z.int().nonnegative().nullable(),
  totalDollars: z.number().nullable(),
  decisionSha256: z.string().nullable(),
  /** SHA-256 of the line before, in hex; of nothing for the first. */
  previous: z.string(),
});

/** One line of the ledger. */
export type LedgerEntry = z.infer<typeof entry>;
/** A line that is not numbered yet. */
export type NewEntry = Omit<LedgerEntry, 'n' | 'previous'>;

/** All trials, and what is wrong with the file, if anything: then their number is only the least. */
export interface Ledger {
  readonly entries: readonly LedgerEntry[];
  readonly doubt: string | undefined;
}

const MOST_BYTES = 2 ** 28;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const linesOf = (path: string): readonly string[] =>
  existsSync(path)
    ? readSmallFile(path, MOST_BYTES)
        .split('\n')
        .filter((line) => line !== '')
    : [];

/** Reads a ledger. A line that was taken away, changed or put in between breaks the chain, which is a doubt. */
export function readLedger(path: string): Ledger {
  const entries: LedgerEntry[] = [];
  let doubt: string | undefined;
  let previous = '';
  for (const [i, line] of linesOf(path).entries()) {
    let read: ReturnType<typeof entry.safeParse> | undefined;
    try {
      read = entry.safeParse(JSON.parse(line));
    } catch {
      // A line that was torn by a kill is told below like any other that cannot be read.
    }
    if (!read?.success) doubt ??= `${path}:${i + 1} cannot be read, so a trial is missing`;
    else {
      if (read.data.previous !== sha256(previous) || read.data.n !== i + 1)
        doubt ??= `${path}:${i + 1} does not go on from the line before it, so a trial was removed or changed`;
      entries.push(read.data);
    }
    previous = line;
  }
  return { entries, doubt };
}

/** Appends one line, on disk when it returns. Throws one sentence while another process writes the ledger. */
export function appendTrial(path: string, added: NewEntry): void {
  const whole = resolve(path);
  const unlock = lockFolder(dirname(whole), `${basename(whole)}.lock`);
  try {
    const lines = linesOf(whole);
    const line: LedgerEntry = { n: lines.length + 1, ...added, previous: sha256(lines.at(-1) ?? '') };
    const isTorn = existsSync(whole) && !/(^|\n)$/.test(readSmallFile(whole, MOST_BYTES));
    const file = openSync(whole, 'a', 0o600);
    try {
      writeAllSync(file, Buffer.from(`${isTorn ? '\n' : ''}${JSON.stringify(line)}\n`));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } finally {
    unlock();
  }
}

/**
 * The trials whose data overlap a time, under equal marks, each once with its last line; all of them without a time.
 * Two that decided alike are one. A trial that has begun and not ended counts for every time.
 */
export function trialsOf(
  entries: readonly LedgerEntry[],
  over?: { readonly mark: string; readonly from: string; readonly until: string },
): readonly LedgerEntry[] {
  const byId = new Map<string, LedgerEntry>();
  for (const each of entries) if (each.state === 'ended' || !byId.has(each.id)) byId.set(each.id, each);
  const distinct = new Map([...byId.values()].map((each) => [each.decisionSha256 ?? each.id, each]));
  return [...distinct.values()].filter(
    ({ mark, from, until }) =>
      over === undefined ||
      (mark === over.mark && (from === null || until === null || (from <= over.until && until >= over.from))),
  );
}
