import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DAY, MILLISECOND, type Micros } from '../domain/time.ts';
import { readBlocks } from './blocks.ts';
import { LAKE_ENDING, readManifest } from './lake/lake-manifest.ts';
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
  /** Of a recording in a lake: it is read from the last state that was kept at or before this time. */
  readonly since?: Micros;
}

/**
 * The tapes that `paths` name, in the order of their first frame. A folder means its `*.tape`, `*.tape.gz` and
 * `*.lake` files, without those of its subfolders. A file may have any name and counts once; one that is named twice is
 * reported to `onProblem`. A tape without a frame is left out and reported if it is one of several in a
 * folder. Throws one sentence if a path does not exist, if a folder has no tape, if a tape without a frame
 * was named itself or is the only one, or if the times of two tapes overlap: their frames would not be in
 * order, or the same session would be replayed twice.
 */
export async function tapeFiles(
  paths: readonly string[],
  onProblem: (problem: TapeProblem) => void = () => {},
): Promise<readonly TapeFile[]> {
  if (paths.length === 0) throw new Error('tape: no path was given, name a tape or a folder of tapes');
  const files = new Map<string, string>();
  for (const path of (await Promise.all(paths.map(expand))).flat()) {
    const real = await realpath(path);
    if (files.has(real)) onProblem({ kind: 'repeated', path });
    else files.set(real, path);
  }
  const named = new Set(paths.map((path) => resolve(path)));
  const tapes: (TapeFile & Extent)[] = [];
  const empty: { readonly path: string; readonly damage: string | undefined }[] = [];
  for (const path of files.values()) {
    const read = await extent(path, files.size > 1);
    if ('firstAt' in read) tapes.push({ path, name: nameOf(path), ...read });
    else empty.push({ path, damage: read.damage });
  }
  for (const { path, damage } of empty) {
    if (named.has(path) || tapes.length === 0)
      throw new Error(
        damage === undefined
          ? `tape: ${path} holds no frame; a line is a receive time in nanoseconds, a venue and a frame, between tabs`
          : `tape: ${path} holds no frame that can be believed, since no checksum of the gzip file holds (${damage}); \`gzip -dc\` may still give lines of it, which nothing vouches for`,
      );
    onProblem({ kind: 'empty', path });
  }
  tapes.sort((a, b) => a.firstAt - b.firstAt || (a.path < b.path ? -1 : 1));
  refuseOverlaps(tapes);
  return tapes.map(({ lastAt: _, ...tape }) => tape);
}

/** The files that `paths` name, by the same rules, each once, without a look at what they hold. */
export async function tapePaths(paths: readonly string[]): Promise<readonly string[]> {
  const found = (await Promise.all(paths.map(expand))).flat();
  const real = await Promise.all(found.map((path) => realpath(path)));
  return found.filter((_, i) => real.indexOf(real[i] as string) === i);
}

async function expand(path: string): Promise<readonly string[]> {
  const entry = await stat(path).catch(() => {
    throw new Error(`tape: there is no file or folder at ${path}`);
  });
  if (!entry.isDirectory()) return [resolve(path)];
  const names = (await readdir(path)).filter((name) => /\.(tape(\.gz)?|lake)$/.test(name)).sort();
  if (names.length === 0) throw new Error(`tape: the folder ${path} holds no *.tape, *.tape.gz or *.lake`);
  return names.map((name) => resolve(join(path, name)));
}

/** A tape's name: that of its file, without `.tape` and `.gz`, or `.lake`. */
export const nameOf = (path: string): string => basename(path).replace(/(\.lake|(\.tape)?(\.gz)?)$/, '');

const iso = (at: Micros): string => new Date(at / MILLISECOND).toISOString();

/** `tapes` are in the order of their first frame. */
function refuseOverlaps(tapes: readonly (TapeFile & Extent)[]): void {
  let before: (TapeFile & Extent) | undefined;
  for (const tape of tapes) {
    if (before && (tape.firstAt < before.lastAt || tape.firstAt === before.firstAt)) {
      const same = before.segment && before.segment.session === tape.segment?.session;
      throw new Error(
        `tape: ${before.path} (until ${iso(before.lastAt)}) and ${tape.path} (from ${iso(tape.firstAt)}) overlap${same ? `, both of the recording ${before.segment?.session}` : ''}; replay one of them at a time`,
      );
    }
    if (!before || tape.lastAt > before.lastAt) before = tape;
  }
}

interface Extent extends Pick<TapeFile, 'firstAt' | 'segment' | 'opensSession'> {
  /** Time of the last line; of the first block's last line if the whole tape was not asked for. */
  readonly lastAt: Micros;
}

/** When a tape begins and ends, and what it says of itself; for a tape without a frame, what is damaged. */
async function extent(
  path: string,
  whole: boolean,
): Promise<Extent | { readonly damage: string | undefined }> {
  let segment: TapeSegment | undefined;
  let damage: string | undefined;
  // A lake's list of files says when it ends, so that none of them is read for it.
  const ends = path.endsWith(LAKE_ENDING) ? readManifest(path).stretches.at(-1)?.lastAt : undefined;
  let last: Buffer | undefined;
  const blocks = readBlocks(path, (why) => {
    damage ??= why;
  });
  const seen: AsyncIterator<Buffer> = {
    next: async () => {
      const step = await blocks.next();
      if (!step.done) last = step.value;
      return step;
    },
  };
  try {
    for await (const [first] of readTape(
      path,
      () => {},
      (read) => {
        segment ??= read;
      },
      { [Symbol.asyncIterator]: () => seen },
    )) {
      if (!first) continue;
      if (whole && ends === undefined)
        for (let step = await seen.next(); !step.done; step = await seen.next());
      const lastAt = ends ?? (last === undefined ? first.at : lastStamp(last, first.at));
      return { firstAt: first.at, lastAt, segment, opensSession: first.kind === 'session' };
    }
    return { damage };
  } finally {
    await blocks.return(undefined);
  }
}

const LINES = 3;

/** The latest time of a block's last lines. One that is days away from the line before it is not believed. */
function lastStamp(block: Buffer, firstAt: Micros): Micros {
  const stamps: Micros[] = [];
  for (let end = block.length; end > 0 && stamps.length < LINES; ) {
    const start = block.lastIndexOf(0x0a, end - 2) + 1;
    const stamp = Number(/^(\d{16})\d{3}\t/.exec(block.toString('latin1', start, start + 20))?.[1]);
    if (stamp > 0) stamps.unshift(stamp);
    end = start;
  }
  let last = firstAt;
  for (const [i, stamp] of stamps.entries()) {
    const near = [last, stamps[i - 1], stamps[i + 1]].some(
      (other) => other && Math.abs(other - stamp) <= DAY,
    );
    if (near && stamp > last) last = stamp;
  }
  return last;
}
