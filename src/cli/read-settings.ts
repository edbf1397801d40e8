import { existsSync } from 'node:fs';
import { CONFIG_FILES } from '../config/environment.ts';
import { layeredOn } from '../config/layered.ts';
import { loadConfig, parseConfig } from '../config/load.ts';
import { type Settings, settingsSchema } from '../config/settings.ts';
import { UsageError } from './usage.ts';

/**
 * The settings of `file`, else of `voltage.config.*` in the working folder, on top of the lane's own `base`
 * (the defaults, if it has none); the environment's variables override all of them. Throws UsageError that
 * lists every problem with its line or its variable.
 */
export function readSettings(file: string | undefined, base?: Settings): Settings {
  const schema = base === undefined ? settingsSchema : layeredOn(base);
  const found = file ?? CONFIG_FILES.find((name) => existsSync(name));
  const loaded =
    found === undefined
      ? parseConfig('defaults', '', schema, process.env)
      : loadConfig(found, schema, process.env);
  if (loaded.kind === 'configProblem') throw new UsageError(loaded.why);
  return loaded.settings;
}
