import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { believed } from './believed.ts';
import { type LakeFile, type LakeManifest, type LakeStretch, writeManifest } from './lake-manifest.ts';
import type { Duck } from './open-duck.ts';
import { sqlText } from './sql-text.ts';
import { writeRows } from './write-stretch.ts';

/** Frames of a joined stretch at most: a reader sorts one at a time. */
const MOST_FRAMES = 4_000_000;

/** Stretches that may become one: they follow one another on one day. */
function groups(stretches: readonly LakeStretch[], most: number): readonly (readonly LakeStretch[])[] {
  const grouped: LakeStretch[][] = [];
  for (const stretch of stretches) {
    const last = grouped.at(-1);
    const frames = (last ?? []).reduce((sum, each) => sum + each.frames, 0);
    if (last?.[0]?.day === stretch.day && frames + stretch.frames <= most) last.push(stretch);
    else grouped.push([stretch]);
  }
  return grouped;
}

/** The files of the stretches by the partition that they lie in. */
function byPartition(stretches: readonly LakeStretch[]): ReadonlyMap<string, readonly LakeFile[]> {
  const found = new Map<string, LakeFile[]>();
  for (const file of stretches.flatMap(({ files }) => files)) {
    const files = found.get(dirname(file.path)) ?? [];
    files.push(file);
    found.set(dirname(file.path), files);
  }
  return found;
}

/**
 * Joins the small files of a recording's days to one for each venue and asset. The new files count when the list
 * names them, and only then the old ones go. Gives how many files there are fewer. Throws one sentence for a file that
 * is missing or was changed.
 */
export async function compact(
  duck: Duck,
  lake: string,
  manifest: LakeManifest,
  most = MOST_FRAMES,
): Promise<number> {
  const gone: string[] = [];
  const stretches: LakeStretch[] = [];
  let made = 0;
  for (const group of groups(manifest.stretches, most)) {
    const [first] = group;
    const last = group.at(-1);
    if (!first || !last) continue;
    if (group.length === 1) {
      stretches.push(first);
      continue;
    }
    const frames = group.reduce((sum, each) => sum + each.frames, 0);
    const files: LakeFile[] = [];
    for (const [folder, parts] of byPartition(group)) {
      const paths: string[] = [];
      for (const part of parts) paths.push(sqlText(await believed(lake, part)));
      const name = `${manifest.recording}-${String(first.first).padStart(12, '0')}-${frames}.parquet`;
      files.push(
        await writeRows(
          duck,
          lake,
          join(folder, name),
          `SELECT * FROM read_parquet([${paths.join(', ')}], hive_partitioning = false) ORDER BY ordinal`,
        ),
      );
      gone.push(...parts.map(({ path }) => path));
      made++;
    }
    stretches.push({ ...first, frames, lastAt: last.lastAt, files });
  }
  if (gone.length === 0) return 0;
  writeManifest(lake, { ...manifest, stretches });
  for (const path of gone) rmSync(join(lake, path), { force: true });
  return gone.length - made;
}
