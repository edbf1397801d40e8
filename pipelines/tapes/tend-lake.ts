import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compact } from '../../src/tape/lake/compact.ts';
import { LAKE_ENDING, type LakeManifest, readManifest } from '../../src/tape/lake/lake-manifest.ts';
import { openDuck } from '../../src/tape/lake/open-duck.ts';
import { prune } from '../../src/tape/lake/prune.ts';
import { lockFolder } from '../../src/tape/lock-folder.ts';
import { modelsFileOf } from '../run/keep-models.ts';
import { settingsFileOf } from '../run/keep-settings.ts';
import { LAKE_LOCK } from './lake-lock.ts';

function recordings(lake: string): readonly LakeManifest[] {
  const names = readdirSync(lake).filter((name) => name.endsWith(LAKE_ENDING));
  if (names.length === 0)
    throw new Error(`lake: the folder ${lake} holds no *${LAKE_ENDING}; voltage tape archive makes a lake`);
  return names.sort().map((name) => readManifest(join(lake, name)));
}

/**
 * Joins small files of a lake. Gives how many there are fewer. Throws one sentence for a folder that is no lake, for
 * a file that is missing or was changed, and while another process writes to the lake.
 */
export async function compactLake(lake: string): Promise<number> {
  const all = recordings(lake);
  const unlock = lockFolder(lake, LAKE_LOCK);
  try {
    const duck = await openDuck();
    try {
      let fewer = 0;
      for (const manifest of all) fewer += await compact(duck, lake, manifest);
      return fewer;
    } finally {
      duck.close();
    }
  } finally {
    unlock();
  }
}

/**
 * Removes the days of a lake before `day` (UTC, such as 2026-05-13), and what a recording kept beside its tapes once
 * nothing of it is left. Gives the number of files removed. Throws as `compactLake` does.
 */
export function pruneLake(lake: string, day: string): number {
  const all = recordings(lake);
  const unlock = lockFolder(lake, LAKE_LOCK);
  try {
    let removed = 0;
    for (const manifest of all) {
      removed += prune(lake, manifest, day);
      if (manifest.stretches.some((stretch) => stretch.day >= day)) continue;
      for (const fileOf of [settingsFileOf, modelsFileOf])
        rmSync(fileOf(lake, manifest.recording), { force: true });
    }
    return removed;
  } finally {
    unlock();
  }
}
