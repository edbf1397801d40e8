import type { KeyObject } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'voltage-emulator-';
const OWNER = 'owner.json';
/** Signals that end a process which does not listen to them. */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Whether a process of this machine runs; one of another user counts as running. */
const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};

/** Whether the folder was left by a process of this machine and this user that has ended. */
const isStale = (folder: string): boolean => {
  try {
    const stats = lstatSync(folder);
    if (!stats.isDirectory() || stats.uid !== (process.geteuid?.() ?? stats.uid)) return false;
    const owner = JSON.parse(readFileSync(join(folder, OWNER), 'utf8')) as { pid?: unknown; host?: unknown };
    return owner.host === hostname() && Number.isInteger(owner.pid) && !runs(Number(owner.pid));
  } catch {
    // Just made, just removed, or no folder of ours: not known to be stale, so it stays.
    return false;
  }
};

/** Removes the folders of emulators that were killed before they could do it. */
const removeStale = (): void => {
  try {
    for (const name of readdirSync(tmpdir()))
      if (name.startsWith(PREFIX) && isStale(join(tmpdir(), name)))
        rmSync(join(tmpdir(), name), { recursive: true, force: true });
  } catch {
    // A folder for temporary files that cannot be listed or changed keeps what is in it; we only add to it.
  }
};

/** Folders of this process that are still there. */
const folders = new Set<string>();
const removeAll = (): void => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
};
const onSignal = (signal: NodeJS.Signals): void => {
  // Whoever else listens ends the process in its own time.
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
};
const watch = (): void => {
  process.on('exit', removeAll);
  for (const signal of ENDINGS) process.on(signal, onSignal);
};
const unwatch = (): void => {
  process.off('exit', removeAll);
  for (const signal of ENDINGS) process.off(signal, onSignal);
};

/** A key on the disk. */
export interface EmulatedKeyFile {
  readonly path: string;
  readonly remove: () => void;
}

/**
 * Writes the emulated member's key to a folder of its own, which only this user may enter. The folder goes by
 * `remove`, when the process exits, also by an error that nobody caught, and at a signal that nobody else
 * listens to. After a kill that no process can answer, the next emulator removes it.
 */
export function emulatedKeyFile(privateKey: KeyObject): EmulatedKeyFile {
  removeStale();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  if (folders.size === 0) watch();
  folders.add(folder);
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
    if (folders.delete(folder) && folders.size === 0) unwatch();
  };
  const path = join(folder, 'kalshi.pem');
  try {
    writeFileSync(join(folder, OWNER), JSON.stringify({ pid: process.pid, host: hostname() }));
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    remove();
    throw cause;
  }
  return { path, remove };
}
