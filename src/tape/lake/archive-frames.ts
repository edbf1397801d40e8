import { join } from 'node:path';
import type { Frame } from '../../domain/frame.ts';
import type { Micros } from '../../domain/time.ts';
import type { Venue } from '../../domain/venues.ts';
import { OWN_COLUMN, tapeLine } from '../line.ts';
import type { LakeFile, LakeManifest, LakeStretch } from './lake-manifest.ts';
import type { Duck } from './open-duck.ts';
import { sqlText } from './sql-text.ts';
import { partition, writeRows } from './write-stretch.ts';

/** Frames of a stretch at most: what is held and sorted at once. */
const MOST_FRAMES = 500_000;
const COLUMNS = 'ordinal, "at", "column", kind, text';
const NO_VENUE = 'none';
const ALL_ASSETS = 'all';

/** The state of a recording as it is followed. */
export interface Followed {
  readonly add: (frame: Frame) => void;
  /** Frames that give the state so far, stamped `at`. */
  readonly frames: (at: Micros) => readonly Frame[];
}

/** Where frames go, and what the lake has of their recording already. */
export interface ArchiveFrames {
  readonly duck: Duck;
  readonly lake: string;
  readonly recording: string;
  readonly before: LakeManifest | undefined;
  /** The part of the recording that the frames are; 0 for a tape that is no part. */
  readonly part: number;
  readonly assetOf: (venue: Venue, text: string) => string | undefined;
  readonly followed: Followed;
  /** Frames of a stretch at most. */
  readonly most?: number;
}

type Begun = {
  -readonly [K in keyof Pick<LakeStretch, 'day' | 'first' | 'firstAt' | 'lastAt' | 'frames'>]: LakeStretch[K];
} & {
  readonly opening: LakeFile | undefined;
};

const dayOf = (at: Micros): string => new Date(at / 1_000).toISOString().slice(0, 10);
const venueOf = (frame: Frame): Venue | undefined => ('venue' in frame ? frame.venue : undefined);

/**
 * Writes frames as Parquet files by venue, asset and UTC day, and gives the list of files with these added. Files do
 * not count before that list is written; those of an attempt that failed are written over by the next. Throws the
 * errors of DuckDB and of the file system.
 */
export async function archiveFrames(
  { duck, lake, recording, before, part, assetOf, followed, most = MOST_FRAMES }: ArchiveFrames,
  batches: AsyncIterable<readonly Frame[]>,
): Promise<LakeManifest | undefined> {
  const { connection } = duck;
  const stretches: LakeStretch[] = [...(before?.stretches ?? [])];
  let frames = before?.frames ?? 0;
  let lastDay = stretches.at(-1)?.day;
  let begun: Begun | undefined;
  await connection.run(
    'CREATE OR REPLACE TABLE frames (ordinal BIGINT, "at" BIGINT, venue VARCHAR, asset VARCHAR, "column" VARCHAR, kind VARCHAR, text VARCHAR)',
  );
  const appender = await connection.createAppender('frames');

  const append = (ordinal: number, frame: Frame): void => {
    const venue = venueOf(frame);
    const text = tapeLine(frame).split('\t').slice(2).join('\t').trimEnd();
    const asset =
      venue && (frame.kind === 'wire' || frame.kind === 'rest') ? assetOf(venue, text) : undefined;
    appender.appendBigInt(BigInt(ordinal));
    appender.appendBigInt(BigInt(frame.at));
    appender.appendVarchar(venue ?? NO_VENUE);
    appender.appendVarchar(asset ?? ALL_ASSETS);
    appender.appendVarchar(frame.kind === 'wire' ? frame.venue : OWN_COLUMN);
    appender.appendVarchar(frame.kind);
    appender.appendVarchar(text);
    appender.endRow();
  };
  const file = (first: number): string => `${recording}-${String(first).padStart(12, '0')}.parquet`;
  const emptied = async (): Promise<void> => {
    await connection.run('DELETE FROM frames');
  };

  const opened = async (first: number, at: Micros, day: string): Promise<LakeFile | undefined> => {
    const state = lastDay === undefined || day === lastDay ? [] : followed.frames(at);
    if (state.length === 0) return undefined;
    for (const [i, frame] of state.entries()) append(i, frame);
    appender.flushSync();
    const path = join('openings', `day=${day}`, file(first));
    const written = await writeRows(duck, lake, path, `SELECT ${COLUMNS} FROM frames ORDER BY ordinal`);
    await emptied();
    return written;
  };
  const ended = async ({ opening, ...stretch }: Begun): Promise<void> => {
    appender.flushSync();
    const kept = await connection.runAndReadAll('SELECT DISTINCT venue, asset FROM frames ORDER BY ALL');
    const files: LakeFile[] = [];
    for (const [venue, asset] of kept.getRowsJson().map((row) => row.map(String)) as [string, string][])
      files.push(
        await writeRows(
          duck,
          lake,
          join(partition(venue, asset, stretch.day), file(stretch.first)),
          `SELECT ${COLUMNS} FROM frames WHERE venue = ${sqlText(venue)} AND asset = ${sqlText(asset)} ORDER BY ordinal`,
        ),
      );
    await emptied();
    stretches.push({ ...stretch, ...(opening && { opening }), files });
  };

  for await (const batch of batches)
    for (const frame of batch) {
      const day = dayOf(frame.at);
      if (begun && (begun.day !== day || begun.frames >= most)) {
        await ended(begun);
        begun = undefined;
      }
      if (!begun) {
        const opening = await opened(frames, frame.at, day);
        begun = { day, first: frames, firstAt: frame.at, lastAt: frame.at, frames: 0, opening };
        lastDay = day;
      }
      append(frames++, frame);
      begun.frames++;
      begun.lastAt = frame.at;
      followed.add(frame);
    }
  if (begun) await ended(begun);
  appender.closeSync();
  return stretches.length === 0
    ? undefined
    : { kind: 'lake', version: 1, recording, parts: part, frames, stretches };
}
