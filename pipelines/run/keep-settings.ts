import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../src/config/settings.ts';
import { writeAllSync } from '../../src/tape/write-all.ts';
import { makeFolder } from '../../src/transport/make-folder.ts';
import { decidingSettings } from './deciding-settings.ts';

/** Name of the settings file that a recording keeps beside its tapes. */
export const settingsFileOf = (folder: string, session: string): string =>
  join(folder, `${session}.settings.json`);

/**
 * Writes what a replay needs to decide as the live lane did, as a configuration file beside the tape. Throws
 * if the file is already there.
 */
export function keepSettings(folder: string, session: string, settings: Settings): void {
  makeFolder(folder);
  const path = settingsFileOf(folder, session);
  const file = openSync(path, 'wx');
  try {
    writeAllSync(file, Buffer.from(`${JSON.stringify(decidingSettings(settings), undefined, 2)}\n`));
  } catch (cause) {
    rmSync(path, { force: true });
    throw cause;
  } finally {
    closeSync(file);
  }
}
