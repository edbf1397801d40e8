import { loadConfig, parseConfig } from '../config/load.ts';
import { type Settings, settingsSchema } from '../config/settings.ts';
import { UsageError } from './usage.ts';

/** The settings of `file`, or the defaults without one. Throws UsageError that lists every problem with its line. */
export function readSettings(file: string | undefined): Settings {
  const loaded =
    file === undefined ? parseConfig('defaults', '', settingsSchema) : loadConfig(file, settingsSchema);
  if (loaded.kind === 'configProblem') throw new UsageError(loaded.why);
  return loaded.settings;
}
