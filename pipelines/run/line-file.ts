import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { writeAllSync } from '../../src/tape/write-all.ts';

/** Small, so that the text that waits is collected cheaply: a megabyte of it cost a tenth of a replay. */
const FLUSH_CHARACTERS = 1 << 14;

/** A file of lines that is `PATH.part` until it is complete. */
export interface LineFile {
  readonly add: (line: string) => void;
  readonly flush: () => void;
  /** Writes what waits and closes the file; returns the SHA-256 of the bytes in it. Throws if a write failed. */
  readonly close: () => string;
  /** Closes the file after a failure, with what could still be written; returns the same. Never throws. */
  readonly abandon: () => string;
}

/** What a file of lines does once it is large. */
export interface Rotation {
  readonly bytes: number;
  /** Called between two lines when the file at `path` is closed; afterwards nothing is there. */
  readonly full: (path: string) => void;
}

/**
 * Hashes lines, and writes them to `path` if there is one: at once, or some at a time. The hash is of all lines, over
 * every rotation.
 */
export function lineFile(path: string | undefined, atOnce: boolean, rotation?: Rotation): LineFile {
  const hash = createHash('sha256');
  let file = path === undefined ? undefined : openSync(path, 'wx');
  let waiting = '';
  let length = 0;
  let digest: string | undefined;
  let failure: { readonly cause: unknown } | undefined;
  const flush = (): void => {
    // After a failure nothing more is written: later lines would stand where lost ones belong.
    if (failure) throw failure.cause;
    if (waiting === '') return;
    const bytes = Buffer.from(waiting);
    waiting = '';
    if (file !== undefined) {
      try {
        writeAllSync(file, bytes);
      } catch (cause) {
        // Whole lines stay, and no part of those that did not fit.
        ftruncateSync(file, length);
        failure = {
          cause: new Error(
            `${path}: ${(cause as Error).message}; make room on the disk, or name another folder with --out`,
            { cause },
          ),
        };
        throw failure.cause;
      }
      length += bytes.length;
    }
    // After the write, so that the hash is of what is in the file.
    hash.update(bytes);
    if (rotation && path !== undefined && file !== undefined && length >= rotation.bytes) {
      closeSync(file);
      rotation.full(path);
      file = openSync(path, 'wx');
      length = 0;
    }
  };
  const end = (): string => {
    if (file !== undefined) closeSync(file);
    file = undefined;
    digest ??= hash.digest('hex');
    return digest;
  };
  return {
    add: (line) => {
      waiting += `${line}\n`;
      if (atOnce || waiting.length >= FLUSH_CHARACTERS) flush();
    },
    flush,
    close: () => {
      flush();
      return end();
    },
    abandon: () => {
      try {
        flush();
      } catch {
        // Why the run failed is known already, or this would be no more than its consequence.
      }
      return end();
    },
  };
}
