import { createReadStream, createWriteStream, renameSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/**
 * Compresses a file to `PATH.gz` and then removes it. Resolves to false if that failed: the file then stays as it is,
 * and nothing half-written beside it. The work is done off the event loop.
 */
export async function compressFile(path: string): Promise<boolean> {
  const part = `${path}.gz.part`;
  try {
    await pipeline(createReadStream(path), createGzip(), createWriteStream(part));
    renameSync(part, `${path}.gz`);
    rmSync(path);
    return true;
  } catch {
    rmSync(part, { force: true });
    return false;
  }
}
