import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { printable } from '../../domain/printable.ts';
import { MILLISECOND, type Micros } from '../../domain/time.ts';

/** Who halted an account, when and why. */
export interface Halted {
  readonly at: Micros;
  readonly by: string;
  readonly reason: string;
}

const halted = z.object({ at: z.int(), by: z.string().min(1), reason: z.string() });

/** A halt has a few hundred bytes. */
const MOST_BYTES = 64 << 10;
const MOST_REASON = 1_000;

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String(cause);

/** A file that cannot be understood halts too: whoever wrote it meant to. */
function damaged(path: string, why: string): Halted {
  let at: Micros = 0;
  try {
    at = Math.floor(statSync(path).mtimeMs) * MILLISECOND;
  } catch {
    // It has no time that can be read; the halt holds without one.
  }
  return {
    at,
    by: 'halted.json',
    reason: `${path} ${why}, and an account whose halt cannot be read counts as halted: look why it was written, then resume with a reason`,
  };
}

/**
 * The halt that lies in the account's folder; undefined if there is none. It never throws: a file that cannot
 * be read or is damaged counts as a halt, and its reason says so.
 */
export function readHalted(path: string): Halted | undefined {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) return damaged(path, `has ${size} bytes`);
    const { data } = halted.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return data ?? damaged(path, 'is not a halt');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    return damaged(path, cause instanceof SyntaxError ? 'is no JSON' : `cannot be read (${codeOf(cause)})`);
  }
}

/** Makes the entries of a folder last, where the system can do that. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } catch (cause) {
    // Some systems cannot sync a folder, and their renames last without it.
    if (!['EINVAL', 'EPERM', 'EISDIR'].includes(codeOf(cause))) throw cause;
  } finally {
    closeSync(folder);
  }
}

/** A disk that takes no more bytes still takes the name of a file. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Halts the account for every lane that runs or starts with this folder. The file is whole or not there, and
 * on the disk when this returns; a full disk keeps a part of it, which halts too. Of two halts the first
 * stays, since its reason is the cause. Throws if it cannot be written. `write` is the system's.
 */
export function writeHalted(
  path: string,
  { at, by, reason }: Halted,
  write: (file: number, text: string) => unknown = writeSync,
): void {
  const before = readHalted(path);
  if (before && before.by !== 'halted.json') return;
  const part = `${path}.${process.pid}.part`;
  try {
    const file = openSync(part, 'w', 0o600);
    try {
      write(file, `${JSON.stringify({ at, by, reason: printable(reason, MOST_REASON) })}\n`);
      fsyncSync(file);
    } catch (cause) {
      if (!FULL.has(codeOf(cause))) throw cause;
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    throw cause;
  }
  syncFolder(dirname(path));
}

/** Takes the halt away, after the operator has given a reason that is in the journal. */
export function clearHalted(path: string): void {
  rmSync(path, { force: true });
  syncFolder(dirname(path));
}
