import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Micros } from '../domain/time.ts';
import type { TapeSegment } from './line.ts';
import type { TapeProblem } from './problem.ts';
import { readTape } from './read.ts';

/** A tape on disk. `name` is its file name without `.tape` and `.gz`. */
export interface TapeFile {
  readonly path: string;
  readonly name: string;
  readonly firstAt: Micros;
  /**
   * The recording and the number of this part; undefined for a tape that is not part of a longer recording.
   */
  readonly segment: TapeSegment | undefined;
  /** True if its first frame begins a session, with its own warm-up. */
  readonly opensSession: boolean;
}

/**
 * The tapes that `paths` name, in the order of their first frame. A folder means its `*.tape` and `*.tape.gz`
 * files, without those of its subfolders. A file may have any name and counts once, even if it is named
 * twice. A tape without a frame is left out and reported to `onProblem` if it is one of several in a folder.
 * Throws one sentence if a path does not exist, if a folder has no tape, or if a tape without a frame was
 * named itself or is the only one.
 */
export async function tapeFiles(
  paths: readonly string[],
  onProblem: (problem: TapeProblem) => void = () => {},
): Promise<readonly TapeFile[]> {
  if (paths.length === 0) throw new Error('tape: no path was given, name a tape or a folder of tapes');
  const files = new Set((await Promise.all(paths.map(expand))).flat());
  const named = new Set(paths.map((path) => resolve(path)));
  const tapes: TapeFile[] = [];
  const empty: string[] = [];
  for (const path of files) {
    const begins = await beginning(path);
    if (begins) tapes.push({ path, name: nameOf(path), ...begins });
    else empty.push(path);
  }
  for (const path of empty) {
    if (named.has(path) || tapes.length === 0)
      throw new Error(
        `tape: ${path} holds no frame; a line is a receive time in nanoseconds, a venue and a frame, between tabs`,
      );
    onProblem({ kind: 'empty', path });
  }
  return tapes.sort((a, b) => a.firstAt - b.firstAt || (a.path < b.path ? -1 : 1));
}

async function expand(path: string): Promise<readonly string[]> {
  const entry = await stat(path).catch(() => {
    throw new Error(`tape: there is no file or folder at ${path}`);
  });
  if (!entry.isDirectory()) return [resolve(path)];
  const names = (await readdir(path)).filter((name) => /\.tape(\.gz)?$/.test(name)).sort();
  if (names.length === 0) throw new Error(`tape: the folder ${path} holds no *.tape or *.tape.gz`);
  return names.map((name) => resolve(join(path, name)));
}

const nameOf = (path: string): string => basename(path).replace(/(\.tape)?(\.gz)?$/, '');

/** Undefined for a tape without a frame. */
async function beginning(
  path: string,
): Promise<Pick<TapeFile, 'firstAt' | 'segment' | 'opensSession'> | undefined> {
  let segment: TapeSegment | undefined;
  const mark = (read: TapeSegment): void => {
    segment ??= read;
  };
  for await (const [first] of readTape(path, () => {}, mark))
    if (first) return { firstAt: first.at, segment, opensSession: first.kind === 'session' };
  return undefined;
}
