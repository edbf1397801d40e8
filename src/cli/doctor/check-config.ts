import { existsSync } from 'node:fs';
import { CONFIG_FILES, overrides } from '../../config/environment.ts';
import { type Environment, loadConfig, parseConfig } from '../../config/load.ts';
import { type Settings, settingsSchema } from '../../config/settings.ts';
import { fail, ok, type Verdict } from './verdict.ts';

/**
 * The verdict on the configuration, and the settings for the other checks: its own, or the defaults if it
 * cannot be used.
 */
export interface CheckedConfig {
  readonly verdict: Verdict;
  readonly settings: Settings;
}

/**
 * Reads the configuration as the lanes do: `file`, else `voltage.config.*` of the working folder, else the
 * defaults. `environment` overrides them.
 */
export function checkConfig(file: string | undefined, environment: Environment): CheckedConfig {
  const defaults = (): Settings => {
    const bare = parseConfig('defaults', '', settingsSchema, environment);
    return bare.kind === 'loaded' ? bare.settings : settingsSchema.parse({});
  };
  const found = file ?? CONFIG_FILES.find((name) => existsSync(name));
  const loaded =
    found === undefined
      ? parseConfig('defaults', '', settingsSchema, environment)
      : loadConfig(found, settingsSchema, environment);
  if (loaded.kind === 'configProblem')
    return {
      verdict: fail(
        loaded.why.replaceAll('\n', '; '),
        'correct what is named, by its line or its variable; until then the other rows are about the defaults',
      ),
      settings: defaults(),
    };
  const used = overrides.map(({ name }) => name).filter((name) => (environment[name] ?? '') !== '');
  const from = used.length === 0 ? '' : `; from the environment: ${used.join(', ')}`;
  return { verdict: ok(`${found ?? 'no file, the defaults'}${from}`), settings: loaded.settings };
}
