import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * The file beside a journal that holds the SHA-256 of its bytes. The bytes stay the same while a lane runs,
 * since rows go to the write-ahead log; it is written anew whenever the log was folded into the file.
 */
export const sealOf = (path: string): string => `${path}.sha256`;

/** Writes the seal of a journal whose log is empty. */
export function writeSeal(path: string): void {
  const part = `${sealOf(path)}.part`;
  writeFileSync(part, `${hashOf(path)}\n`, { mode: 0o600 });
  renameSync(part, sealOf(path));
}

/** The seal; undefined if a crash came between folding the log and sealing. */
export const readSeal = (path: string): string | undefined =>
  existsSync(sealOf(path)) ? readFileSync(sealOf(path), 'utf8').trim() : undefined;

/** SHA-256 of a file's bytes, in hexadecimal. */
export const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
