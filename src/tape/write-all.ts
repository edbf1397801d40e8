import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

const refuse = (written: number, of: number): never => {
  throw new Error(`only ${written} of ${of} bytes could be written, and the file system did not say why`);
};

/**
 * Writes all bytes to an open file. A write may take fewer bytes than it was given, as on a full disk, and
 * say so only by the count it returns. Throws the file system's error; bytes may then stand in the file.
 */
export async function writeAll(file: Pick<FileHandle, 'write'>, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written);
    if (bytesWritten <= 0) refuse(written, bytes.length);
    written += bytesWritten;
  }
}

/** `writeAll` for a file descriptor, at once. */
export function writeAllSync(file: number, bytes: Uint8Array, write: typeof writeSync = writeSync): void {
  for (let written = 0; written < bytes.length; ) {
    const count = write(file, bytes, written, bytes.length - written);
    if (count <= 0) refuse(written, bytes.length);
    written += count;
  }
}
