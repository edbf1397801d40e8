import { fileURLToPath } from 'node:url';
import type { StartSupervisor } from '../../pipelines/edges/start-supervisor.ts';
import type { Settings } from '../config/settings.ts';

/** The command itself, without what may build it first. */
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
/** What npm tells the commands that it starts; a supervisor must not end with npm. */
const OF_NPM = /^npm_/i;

/**
 * The command and the environment that start a supervisor of this process with the same account: the
 * settings' own key and address go by variables, which stand above any file.
 */
export function superviseCommand(
  { kalshi }: Pick<Settings, 'kalshi'>,
  flags: { readonly config?: string | undefined; readonly state?: string | undefined },
  patienceMs: number,
  variables: NodeJS.ProcessEnv,
): Pick<StartSupervisor, 'command' | 'environment'> {
  const { environment, keyId, privateKeyPath, restUrl } = kalshi;
  return {
    command: [
      process.execPath,
      MAIN,
      'supervise',
      ...(flags.config === undefined ? [] : ['--config', flags.config]),
      ...(flags.state === undefined ? [] : ['--state', flags.state]),
      '--patience-ms',
      String(patienceMs),
    ],
    environment: {
      ...Object.fromEntries(Object.entries(variables).filter(([name]) => !OF_NPM.test(name))),
      KALSHI_ENVIRONMENT: environment,
      ...(keyId !== undefined && { KALSHI_KEY_ID: keyId }),
      ...(privateKeyPath !== undefined && { KALSHI_PRIVATE_KEY_PATH: privateKeyPath }),
      ...(restUrl !== undefined && { VOLTAGE_KALSHI_REST_URL: restUrl }),
    },
  };
}
