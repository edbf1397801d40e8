import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { schemaSentence } from '../../transport/schema-sentence.ts';

/** A recording in a lake is named like this: its manifest, which stands for the whole recording. */
export const LAKE_ENDING = '.lake';

const inLake = z
  .string()
  .refine((path) => !isAbsolute(path) && !path.split('/').includes('..'), 'a path inside the lake is needed');
const lakeFile = z.strictObject({
  path: inLake,
  rows: z.int().positive(),
  /** Of the file's bytes: a file is checked before a row of it is believed. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const stretch = z.strictObject({
  /** UTC day of its frames. */
  day: z.iso.date(),
  /** Number of its first frame in the recording, from 0. */
  first: z.int().nonnegative(),
  frames: z.int().positive(),
  /** Receive times of its first and last frame, microseconds since the epoch. */
  firstAt: z.int(),
  lastAt: z.int(),
  /** The state of the recording at `firstAt`, as frames; only where a day begins after the first. */
  opening: lakeFile.optional(),
  files: z.array(lakeFile).min(1),
});
const manifest = z.strictObject({
  kind: z.literal('lake'),
  version: z.literal(1),
  recording: z.string().min(1),
  /** The last part of the recording that is in the lake; 0 for a tape that is not one of several parts. */
  parts: z.int().nonnegative(),
  /** Frames of the recording so far, also of stretches that are no longer kept. */
  frames: z.int().nonnegative(),
  stretches: z.array(stretch).min(1),
});

/** One Parquet file of a lake, its path relative to the lake. */
export type LakeFile = z.infer<typeof lakeFile>;
/** Frames that follow one another, of one UTC day, in one file for each venue and asset. */
export type LakeStretch = z.infer<typeof stretch>;
/** What a lake holds of one recording, in the order of its frames. */
export type LakeManifest = z.infer<typeof manifest>;

/** Path of a recording's manifest in a lake. */
export const manifestPath = (lake: string, recording: string): string =>
  join(lake, `${recording}${LAKE_ENDING}`);

/** Reads a manifest. Throws the file system's error, and one sentence for a file that is none. */
export function readManifest(path: string): LakeManifest {
  const text = readFileSync(path, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`lake: ${path} must hold JSON; it is the list of a recording's files, archive it again`);
  }
  const read = manifest.safeParse(json);
  if (read.success) return read.data;
  throw new Error(
    `lake: ${path} is no list of a recording's files (${schemaSentence(read.error)}); archive it again`,
  );
}

/** Writes a manifest, whole or not at all: with it new files begin to count, and old ones no longer do. */
export function writeManifest(lake: string, written: LakeManifest): void {
  const path = manifestPath(lake, written.recording);
  writeFileSync(`${path}.part`, `${JSON.stringify(written, undefined, 2)}\n`, { flush: true });
  renameSync(`${path}.part`, path);
}
