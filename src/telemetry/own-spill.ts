import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { lockAccount } from '../execution/journal/account-lock.ts';
import { openSpill, type Spill, type SpillOptions } from './spill.ts';

/** Processes that may spill at the same time to the same place. */
const MOST_SLOTS = 8;

const segmentsIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.lp')) : [];

/** Moves what another process left. A name that is taken gets the next number that is free. */
const adopt = (from: string, to: string): void => {
  for (const name of segmentsIn(from)) {
    const stamp = name.slice(0, name.indexOf('-'));
    let number = 0;
    const path = (): string => join(to, `${stamp}-${String(number).padStart(6, '0')}.lp`);
    while (existsSync(path())) number += 1;
    renameSync(join(from, name), path());
  }
};

/**
 * A spill in the first folder below `root` that no other process uses, with what processes that are gone left
 * in the others. A lock that the system ends with its process tells which are in use. Undefined, and told, if
 * there is none or the folder cannot be made.
 */
export function ownSpill(root: string, options: Omit<SpillOptions, 'folder'>): Spill | undefined {
  try {
    let own: { readonly folder: string; readonly release: () => void } | undefined;
    for (const folder of Array.from({ length: MOST_SLOTS }, (_, i) => join(root, String(i)))) {
      if (own && segmentsIn(folder).length === 0) continue;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const lock = lockAccount(join(folder, 'lock'));
      if (lock.kind !== 'locked') continue;
      if (own) {
        adopt(folder, own.folder);
        lock.release();
      } else own = { folder, release: lock.release };
    }
    if (!own) {
      options.onTrouble(`${MOST_SLOTS} other processes keep points below ${root}, so none wait on disk here`);
      return undefined;
    }
    const { folder, release } = own;
    const spill = openSpill({ ...options, folder });
    return {
      ...spill,
      close: async () => {
        await spill.close();
        release();
      },
    };
  } catch (cause) {
    options.onTrouble(
      `no points wait on disk, because ${root} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
    return undefined;
  }
}
