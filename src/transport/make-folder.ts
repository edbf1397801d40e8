import { mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String(cause);

/** What is there; undefined where nothing is, or where a file lies above it, which is met later. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    if (codeOf(cause) === 'ENOTDIR') return undefined;
    throw cause;
  }
}

/**
 * Makes a folder and those above it that are missing, each with `mode`; one that is there stays as it is.
 * Throws a sentence if one cannot be made. It is not `recursive` of `mkdirSync`, which never ends below a
 * folder in which the system makes none (`/proc`; Node 20).
 */
export function makeFolder(path: string, mode = 0o777): void {
  const missing: string[] = [];
  let at = resolve(path);
  for (; !statOf(at); at = dirname(at)) missing.push(at);
  if (!statOf(at)?.isDirectory()) throw new Error(`${at} is a file, and a folder is needed: name another`);
  for (const each of missing.reverse())
    try {
      mkdirSync(each, { mode });
    } catch (cause) {
      // Another process was faster.
      if (codeOf(cause) === 'EEXIST' && statOf(each)?.isDirectory()) continue;
      throw new Error(
        `no folder can be made in ${dirname(each)} (${codeOf(cause)}): allow it, or name another folder`,
      );
    }
}
