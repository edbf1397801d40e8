import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Micros } from '../domain/time.ts';
import type { TapeSegment } from './line.ts';
import { readTape } from './read.ts';

/** A tape on disk. `name` is its file name without `.tape` and `.gz`. */
export interface TapeFile {
  readonly path: string;
  readonly name: string;
  readonly firstAt: Micros;
  /** Of which recording it is which part; undefined for a tape that is whole by itself. */
  readonly segment: TapeSegment | undefined;
  /** True if its first frame begins a session, with its own warm-up. */
  readonly opensSession: boolean;
}

/**
 * The tapes that `paths` name, by time of their first frame. A folder stands for its `*.tape` and `*.tape.gz`, without those of folders in it;
 * a file is taken whatever its name, and once however often it is named. Throws one sentence for a path that does not exist, a folder without
 * tapes and a tape without a frame.
 */
export async function tapeFiles(paths: readonly string[]): Promise<readonly TapeFile[]> {
  if (paths.length === 0) throw new Error('tape: no path was given, name a tape or a folder of tapes');
  const files = new Set((await Promise.all(paths.map(expand))).flat());
  const tapes: TapeFile[] = [];
  for (const path of files) tapes.push({ path, name: nameOf(path), ...(await beginning(path)) });
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

async function beginning(path: string): Promise<Pick<TapeFile, 'firstAt' | 'segment' | 'opensSession'>> {
  let segment: TapeSegment | undefined;
  const mark = (read: TapeSegment): void => {
    segment ??= read;
  };
  for await (const [first] of readTape(path, () => {}, mark))
    if (first) return { firstAt: first.at, segment, opensSession: first.kind === 'session' };
  throw new Error(
    `tape: ${path} holds no frame; a line is a receive time in nanoseconds, a venue and a frame, between tabs`,
  );
}
