import { accessSync, constants, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { UsageError } from './usage.ts';

const statOf = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

/** Why there is nothing to read at a path, with the path; undefined if there is. */
function absence(path: string): string | undefined {
  try {
    if (statOf(path)) {
      accessSync(path, constants.R_OK);
      return undefined;
    }
    return lstatSync(path, { throwIfNoEntry: false })
      ? `${path} is a link to nothing; name what it should lead to.`
      : `there is no ${path}.`;
  } catch (cause) {
    return `${path} cannot be read (${(cause as NodeJS.ErrnoException).code}); allow it, or name another.`;
  }
}

/** Why a path is no file that can be read, with the path and what to do; undefined if it is one. */
export const fileProblem = (path: string): string | undefined =>
  absence(path) ?? (statOf(path)?.isDirectory() ? `${path} is a folder; name a file in it.` : undefined);

/** The same for a tape, which may be a folder of them: each of its tapes must be a file. */
export function tapeProblem(path: string): string | undefined {
  const absent = absence(path);
  if (absent !== undefined || !statOf(path)?.isDirectory()) return absent;
  for (const name of readdirSync(path)) {
    if (!/\.(tape(\.gz)?|lake)$/.test(name)) continue;
    const problem = fileProblem(join(path, name));
    if (problem) return `the folder ${path} cannot be used: ${problem}`;
  }
  return undefined;
}

const checked =
  (problemOf: (path: string) => string | undefined) =>
  (path: string): string => {
    const problem = problemOf(path);
    if (problem) throw new InvalidArgumentError(problem);
    return path;
  };

/** Commander parser for a file that must be there. */
export const existingFile = checked(fileProblem);

/** Commander parser for a tape, or a folder of tapes, that must be there. */
export const existingTape = checked(tapeProblem);

/** Commander parser for a file that will be written: its folder must be there. */
export const outFile = checked((path) => {
  if (statOf(path)?.isDirectory()) return `${path} is a folder; name a file in it.`;
  const folder = dirname(resolve(path));
  return statOf(folder)?.isDirectory() ? undefined : `there is no folder ${folder}; make it first.`;
});

/** Commander parser for a folder that will be written to, and is made if it is not there. */
export const outFolder = checked((path) => {
  for (let at = resolve(path); ; at = dirname(at)) {
    let there: Stats | undefined;
    try {
      there = statOf(at);
    } catch {
      // A file lies above it; that one is named when the walk comes to it.
    }
    if (there?.isDirectory() || at === dirname(at)) return undefined;
    if (there) return `${at} is a file, and a folder is needed; name another.`;
  }
});

/** A file that the configuration names under `key`. Throws UsageError if it cannot be read. */
export function configuredFile(key: string, path: string): string {
  const problem = fileProblem(path);
  if (problem) throw new UsageError(`${key} of the configuration: ${problem}`);
  return path;
}
