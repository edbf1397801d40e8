import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../transport/make-folder.ts';

const codeOf = (cause: unknown): string | undefined => (cause as NodeJS.ErrnoException).code;

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/**
 * When the process began, in the kernel's own count, and in which run of the machine; empty where the system
 * does not tell. A process id alone is given anew, in a container often to the same program.
 */
function birthOf(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`);
  const boot = textOf('/proc/sys/kernel/random/boot_id');
  // The name of the program, in parentheses, may have spaces; the start is the 20th field after it.
  const start = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return start && boot ? `${boot.trim()} ${start}` : '';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // EPERM: it lives, and belongs to another user.
    return codeOf(cause) === 'EPERM';
  }
}

/** True if the process that wrote this lock is certainly gone. */
function isStale(lock: string): boolean {
  const [pidText = '', birth = ''] = lock.trimEnd().split('\n');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  return !isAlive(pid) || (birth !== '' && birthOf(pid) !== '' && birthOf(pid) !== birth);
}

/**
 * Removes a lock that is stale, and only that one: of two processes that come at once, one may rename the
 * other's new lock, and puts it back.
 */
function retire(path: string, stale: string, aside: string): void {
  try {
    renameSync(path, aside);
    if (textOf(aside) !== stale) linkSync(aside, path);
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT' && codeOf(cause) !== 'EEXIST') throw cause;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Takes a folder (made if absent) for one writer, by a file `name` in it with this process's id. Returns the
 * function that gives it back. The lock of a process that is gone, after a crash or a kill, is taken over.
 * Throws one sentence if another writer has the folder, and the file system's errors.
 */
export function lockFolder(folder: string, name: string): () => void {
  makeFolder(folder);
  const path = join(folder, name);
  const mine = `${process.pid}\n${birthOf(process.pid)}\n${randomUUID()}\n`;
  // Linked when it is whole, so that nobody reads half a lock.
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, mine);
    for (let tries = 0; ; tries++) {
      try {
        linkSync(draft, path);
        break;
      } catch (cause) {
        if (codeOf(cause) !== 'EEXIST') throw cause;
        const other = textOf(path);
        if (other === undefined && tries < 3) continue;
        if (other === undefined || !isStale(other) || tries >= 3)
          throw new Error(
            `${folder} is being written by another run (process ${other?.split('\n')[0] || 'unknown'}); name another folder, or end that run first (no such run? remove ${path})`,
          );
        retire(path, other, `${draft}.stale`);
      }
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (textOf(path) === mine) rmSync(path, { force: true });
  };
}
