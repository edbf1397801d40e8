import { createHash } from 'node:crypto';
import { chmodSync, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeFolder } from '../../src/transport/make-folder.ts';

/**
 * Bytes that the path of a Unix socket may have: 108 with the closing zero on Linux, 104 on macOS (unix(7)),
 * less what `serveSocket` adds while it makes one.
 */
const MOST_BYTES = 88;
const OTHERS = 0o077;

/**
 * Makes a folder that only its owner may enter. Throws a sentence if it is there already and is not such a
 * one.
 */
export function ownFolder(path: string): void {
  makeFolder(path, 0o700);
  const stats = lstatSync(path);
  const user = process.geteuid?.();
  if (!stats.isDirectory() || (user !== undefined && stats.uid !== user))
    throw new Error(
      `${path} must be a folder of your own, since whoever owns it could give orders: remove it`,
    );
  if ((stats.mode & OTHERS) !== 0) chmodSync(path, 0o700);
}

/**
 * Where the socket that is meant to lie at `wanted` really lies: there, or in the user's runtime folder under
 * a digest of that path where it is too long for a socket. Every process of the user finds the same place.
 * Throws a sentence if there is no place for it.
 */
export function socketPath(wanted: string, variables: NodeJS.ProcessEnv): string {
  if (Buffer.byteLength(wanted) <= MOST_BYTES) return wanted;
  const digest = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const runtime = variables['XDG_RUNTIME_DIR'] || tmpdir();
  const folder = join(runtime, `voltage-${process.geteuid?.() ?? 'user'}`);
  const path = join(folder, `${digest}-${basename(wanted)}`);
  if (Buffer.byteLength(path) > MOST_BYTES)
    throw new Error(
      `a socket's path may have ${MOST_BYTES} bytes, and both ${wanted} and ${path} are longer: give a shorter --state`,
    );
  ownFolder(folder);
  return path;
}
