import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { ownFolder, socketPath } from '../../pipelines/edges/socket-path.ts';
import type { Settings } from '../config/settings.ts';
import { UsageError } from './usage.ts';

/** The files that an account keeps between runs. */
export interface LiveState {
  readonly journal: string;
  readonly lock: string;
  /** Where a running lane listens to its operator, and its supervisor. */
  readonly socket: string;
  readonly supervisorSocket: string;
  /** The secret of both sockets. */
  readonly token: string;
  /** The secret of the console's acts. It outlives a restart, so that an open page can still halt. */
  readonly consoleToken: string;
  /** Is there while the account is halted by somebody else than its lane. */
  readonly halted: string;
  readonly supervisorLog: string;
}

/** Where state is kept if no folder is named: the user's own state folder (XDG base directories). */
export const stateHome = (environment: NodeJS.ProcessEnv): string =>
  join(environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'voltage-kalshi');

/**
 * The folder of the account that the settings' key belongs to, in `folder` or the user's state folder. An
 * account is told by its environment and a digest of its key's id. Nothing is made. Throws UsageError without
 * a key's id.
 */
export function accountFolder(
  { kalshi: { environment, keyId } }: Pick<Settings, 'kalshi'>,
  folder: string | undefined,
  variables: NodeJS.ProcessEnv,
): string {
  const id = keyId?.trim();
  if (!id) throw new UsageError('an account is told by its key: set kalshi.keyId or KALSHI_KEY_ID');
  // Sockets are found by their whole path, from whatever folder a command is called.
  return join(
    resolve(folder ?? stateHome(variables)),
    `${environment}-${createHash('sha256').update(id).digest('hex').slice(0, 12)}`,
  );
}

/** The journal in an account's folder. */
export const journalIn = (root: string): string => join(root, 'journal.db');

/** The files of the account that the settings' key belongs to. Its folder is made, for its owner alone. */
export function liveState(
  settings: Pick<Settings, 'kalshi'>,
  folder: string | undefined,
  variables: NodeJS.ProcessEnv,
): LiveState {
  const root = accountFolder(settings, folder, variables);
  try {
    ownFolder(root);
    return {
      journal: journalIn(root),
      lock: join(root, 'account.lock'),
      socket: socketPath(join(root, 'lane.sock'), variables),
      supervisorSocket: socketPath(join(root, 'supervisor.sock'), variables),
      token: join(root, 'lane.token'),
      consoleToken: join(root, 'console.token'),
      halted: join(root, 'halted.json'),
      supervisorLog: join(root, 'supervisor.log'),
    };
  } catch (cause) {
    throw new UsageError(
      `the account's state cannot be kept in ${root}: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

/** A new token for the sockets of a lane and its supervisor, in a file that only its owner may read. */
export function freshToken(path: string): string {
  const token = randomBytes(24).toString('hex');
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, token, { mode: 0o600 });
  renameSync(part, path);
  return token;
}

/** The token in a file, or a new one where there is none. */
export const keptToken = (path: string): string => readToken(path) || freshToken(path);

/** The token of a running lane; undefined if none has run with this account and state folder. */
export const readToken = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
