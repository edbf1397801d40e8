import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type RunFiles, runsIn } from '../../pipelines/run/run-files.ts';
import { fileSentence } from '../tape/file-sentence.ts';
import { stateHome } from './live-state.ts';
import { UsageError } from './usage.ts';

const foldersIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [join(folder, entry.name)] : [],
    );
  } catch {
    // A folder that is not there or may not be read holds no run for us.
    return [];
  }
};
const safely = (folder: string): readonly RunFiles[] => {
  try {
    return runsIn(folder);
  } catch {
    return [];
  }
};
const newestFirst = (runs: readonly RunFiles[]): readonly RunFiles[] =>
  [...runs].sort((one, other) => other.touchedMillis - one.touchedMillis);

/** The runs of a folder that the user named. Throws UsageError if there are none. */
export function runsNamed(folder: string): readonly RunFiles[] {
  let runs: readonly RunFiles[];
  try {
    if (statSync(folder).isFile())
      throw new UsageError(`--run ${folder} is a file; name the folder that a lane's --out named`);
    runs = runsIn(folder);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`--run: ${fileSentence(folder, cause).replace('no file at', 'no folder')}`);
  }
  if (runs.length > 0) return newestFirst(runs);
  const inside = foldersIn(folder).filter((each) => safely(each).length > 0);
  throw new UsageError(
    `--run ${folder} holds no run (no decisions.ndjson, under any mark)${inside.length > 0 ? `; there are runs in ${inside.slice(0, 5).join(', ')}` : "; name the folder that a lane's --out named"}`,
  );
}

/**
 * The runs to look at, the newest first: those of `folder`, or without one those under `./runs` and the
 * user's state folder. Throws UsageError if there are none.
 */
export function runsToAsk(folder: string | undefined, variables: NodeJS.ProcessEnv): readonly RunFiles[] {
  if (folder !== undefined) return runsNamed(folder);
  const home = join(stateHome(variables), 'runs');
  const runs = ['runs', home].flatMap((root) => [
    ...safely(root),
    ...foldersIn(root).flatMap((each) => [...safely(each), ...foldersIn(each).flatMap(safely)]),
  ]);
  if (runs.length > 0) return newestFirst(runs);
  throw new UsageError(
    `there is no run under ./runs or ${home}; name one with --run, the folder that a lane's --out named`,
  );
}
