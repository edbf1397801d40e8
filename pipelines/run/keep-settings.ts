import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../src/config/settings.ts';
import { withoutAddresses } from '../../src/config/venues.ts';

/**
 * The settings that affect decisions, which a replay needs. Addresses and credentials affect none, and they
 * are left out because a tape may be given away.
 */
const decidingSettings = ({
  label,
  assets,
  kalshi: { useYesPrice, environment, subscribeAheadMicros },
  forecast,
  pricing,
  risk,
  execution,
  ...rest
}: Settings) => ({
  label,
  assets,
  ...withoutAddresses(rest),
  kalshi: { useYesPrice, environment, subscribeAheadMicros },
  forecast,
  pricing,
  risk,
  execution,
});

/** Name of the settings file that a recording keeps beside its tapes. */
export const settingsFileOf = (folder: string, session: string): string =>
  join(folder, `${session}.settings.json`);

/**
 * Writes what a replay needs to decide as the live lane did, as a configuration file beside the tape. Throws
 * if the file is already there.
 */
export function keepSettings(folder: string, session: string, settings: Settings): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    settingsFileOf(folder, session),
    `${JSON.stringify(decidingSettings(settings), undefined, 2)}\n`,
    { flag: 'wx' },
  );
}
