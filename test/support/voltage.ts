import { spawnSync } from 'node:child_process';
import { tempFolder } from './temp-folder.ts';

/** How one run of the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a lane keeps of its own accord stays out of the user's folders. */
const state = tempFolder();

/** Runs the built `voltage` command to its end, without a terminal and without an InfluxDB unless `environment` names one. */
export function voltage(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Ended {
  const { INFLUX_URL: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/src/cli/main.js', ...words], {
    encoding: 'utf8',
    env: { ...inherited, XDG_STATE_HOME: state, ...environment },
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}

/** The JSON object that `--json` promises as the last line of stdout. */
export function lastJson<T = Record<string, unknown>>({ stdout, stderr }: Ended): T {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(last) as T;
  } catch {
    throw new Error(
      `voltage: the last line of stdout must be JSON, was ${last || '(empty)'}; stderr: ${stderr}`,
    );
  }
}
