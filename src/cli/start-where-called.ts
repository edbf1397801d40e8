import { statSync } from 'node:fs';

/** npm's names of the runs that only start this command. */
const RUNS: readonly string[] = ['npx', 'voltage', 'start'];

/**
 * Goes to the folder that the user is in: npm runs a command in the package's folder and names the caller's
 * own in INIT_CWD. So relative paths mean the same with npm and without. Does nothing elsewhere.
 */
export function startWhereCalled(environment: NodeJS.ProcessEnv = process.env): void {
  const folder = environment['INIT_CWD'];
  if (!RUNS.includes(environment['npm_lifecycle_event'] ?? '') || !folder) return;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) process.chdir(folder);
}
