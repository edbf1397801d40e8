import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PART, segmentName } from './segment-names.ts';

const DAY_MILLIS = 86_400_000;

/** Bytes of a file, or of the files in a folder; 0 for what has gone meanwhile. */
function bytesOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

/** What was deleted, and what is left. */
export interface Retained {
  readonly deleted: readonly string[];
  readonly bytes: number;
}

/**
 * Deletes the oldest stretches of a lane's folder until the rest has at most `keepBytes`, and those that began
 * more than `keepDays` ago. `busy` names stretches that are being written or converted: they count,
 * and are never deleted; nor is a file that is not the store's own.
 */
export function retain(
  folder: string,
  limits: { readonly keepBytes: number; readonly keepDays: number },
  nowMillis: number,
  busy: ReadonlySet<string>,
): Retained {
  const stretches = new Map<string, { paths: string[]; bytes: number; began: number }>();
  for (const name of readdirSync(folder)) {
    const segment = segmentName(name);
    if (!segment) continue;
    const path = join(folder, name);
    const known = stretches.get(segment.stem) ?? {
      paths: [],
      bytes: 0,
      began: segment.beganMillis,
    };
    known.paths.push(path);
    known.bytes += bytesOf(path);
    stretches.set(segment.stem, known);
  }
  let bytes = [...stretches.values()].reduce((sum, stretch) => sum + stretch.bytes, 0);
  const deleted: string[] = [];
  for (const [stem, stretch] of [...stretches].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (busy.has(stem) || stretch.paths.some((path) => path.endsWith(PART))) continue;
    const old = stretch.began < nowMillis - limits.keepDays * DAY_MILLIS;
    if (!old && bytes <= limits.keepBytes) continue;
    for (const path of stretch.paths) rmSync(path, { recursive: true, force: true });
    deleted.push(stem);
    bytes -= stretch.bytes;
  }
  return { deleted, bytes };
}
