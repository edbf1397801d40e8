import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type LakeManifest, manifestPath, writeManifest } from './lake-manifest.ts';

/**
 * Forgets the days of a recording before `day` (UTC, such as 2026-05-13). What is left begins with the state that was
 * kept for its first day. A recording of which nothing is left goes as a whole. Gives the number of files removed.
 */
export function prune(lake: string, manifest: LakeManifest, day: string): number {
  const kept = manifest.stretches.filter((stretch) => stretch.day >= day);
  const gone = manifest.stretches
    .filter((stretch) => stretch.day < day)
    .flatMap(({ files, opening }) => [...files, ...(opening ? [opening] : [])]);
  if (gone.length === 0) return 0;
  if (kept.length > 0) writeManifest(lake, { ...manifest, stretches: kept });
  else rmSync(manifestPath(lake, manifest.recording));
  for (const { path } of gone) rmSync(join(lake, path), { force: true });
  return gone.length;
}
