import { existsSync } from 'node:fs';
import { CONFIG_FILES } from '../config/environment.ts';
import { loadConfig, parseConfig } from '../config/load.ts';
import { type Settings, settingsSchema } from '../config/settings.ts';
import { UsageError } from './usage.ts';

/**
 * The settings of `file`, else of `voltage.config.*` in the working folder, else the defaults; the
 * environment's variables override all of them. Throws UsageError that lists every problem with its line or
 * its variable.
 */
export function readSettings(file: string | undefined): Settings {
  const found = file ?? CONFIG_FILES.find((name) => existsSync(name));
  const loaded =
    found === undefined
      ? parseConfig('defaults', '', settingsSchema, process.env)
      : loadConfig(found, settingsSchema, process.env);
  if (loaded.kind === 'configProblem') throw new UsageError(loaded.why);
  return loaded.settings;
}
