import { readFileSync, statSync } from 'node:fs';

const MEGABYTE = 2 ** 20;

/**
 * The text of a file that is small by its nature, such as settings. One that is larger than `mostBytes` is refused
 * before it is read: parsing it would hold the command for a minute to find out that it is another file. Throws what
 * the file system says of a file that cannot be read.
 */
export function readSmallFile(path: string, mostBytes: number): string {
  const { size } = statSync(path);
  if (size > mostBytes)
    throw new Error(
      `it has ${Math.ceil(size / MEGABYTE)} MB where ${Math.floor(mostBytes / MEGABYTE)} MB is the most; is it the right file?`,
    );
  return readFileSync(path, 'utf8');
}
