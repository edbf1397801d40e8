import { join, resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { lockFolder } from '../tape/lock-folder.ts';
import { openStore, type Store } from '../telemetry/store/open-store.ts';
import { stateHome } from './live-state.ts';

/** So many runs of one lane may write at a time on one machine. */
const MOST_RUNS = 9;

/** Whether a lane writes the store: paper and live without an InfluxDB do, unless the settings say otherwise. */
export function writesStore(
  lane: string,
  { when }: Settings['telemetry']['store'],
  hasInflux: boolean,
): boolean {
  if (when !== 'usual') return when === 'always';
  return !hasInflux && (lane === 'paper' || lane === 'live');
}

/** The folder of the store: the settings' own, else `store` in the user's state folder. */
export const storeFolder = (folder: string | undefined, variables: NodeJS.ProcessEnv): string =>
  resolve(folder ?? join(stateHome(variables), 'store'));

/**
 * Opens the store of a run of `lane`, in a folder of its own under the store's: `paper`, or `paper-2` while
 * another run writes there. `tags` are added to every point. Throws one sentence if it cannot be written.
 */
export function openLaneStore(
  lane: string,
  { telemetry, label }: Pick<Settings, 'telemetry' | 'label'>,
  variables: NodeJS.ProcessEnv,
  onTrouble: (why: string) => void,
): Store {
  const root = storeFolder(telemetry.store.folder, variables);
  for (let number = 1; ; number++) {
    const folder = join(root, number === 1 ? lane : `${lane}-${number}`);
    let unlock: () => void;
    try {
      unlock = lockFolder(folder, 'store.lock');
    } catch (cause) {
      if (number < MOST_RUNS && (cause as NodeJS.ErrnoException).code === undefined) continue;
      throw new Error(
        `the store of points cannot be kept in ${folder}: ${(cause as Error).message}; name another with telemetry.store.folder, or set telemetry.store.when: never`,
      );
    }
    return openStore(telemetry.store, { lane, label }, onTrouble, { folder, unlock });
  }
}
