import { mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fail, ok, type Verdict, warn } from './verdict.ts';

const GIGABYTE = 1e9;
/** Recording both venues fills this in a few days. */
const ENOUGH_BYTES = 5 * GIGABYTE;

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (cause: NodeJS.ErrnoException) => cause.code !== 'ENOENT',
  );

/** Free bytes for an ordinary user on the disk that holds `folder`. */
const freeBytesOf = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/**
 * Whether output can be written to `folder`, and how many bytes are free. The check makes a folder there and
 * removes it. For a folder that does not exist yet, the nearest existing one above it is checked, since lanes
 * make the rest.
 */
export async function checkDisk(
  folder: string,
  freeBytes: (folder: string) => Promise<number> = freeBytesOf,
): Promise<Verdict> {
  let at = resolve(folder);
  while (!(await exists(at)) && dirname(at) !== at) at = dirname(at);
  try {
    await rmdir(await mkdtemp(join(at, '.voltage-doctor-')));
  } catch (cause) {
    return fail(
      `${at} cannot be written to: ${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      'choose another folder with --out, or have its owner allow it',
    );
  }
  const bytes = await freeBytes(at);
  const found = `${at} can be written to; ${(bytes / GIGABYTE).toFixed(1)} GB free`;
  return bytes >= ENOUGH_BYTES ? ok(found) : warn(found, 'make room: recording needs 5 GB and more');
}
