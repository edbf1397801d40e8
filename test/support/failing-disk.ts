import { open } from 'node:fs/promises';
import type { TapeHandle } from '../../src/tape/recorder.ts';

/** What the disk makes of one write: all of it, so many bytes of it, or an error after so many bytes. */
export type DiskWrite =
  | { readonly kind: 'whole' }
  | { readonly kind: 'short'; readonly part: number }
  | { readonly kind: 'full'; readonly part: number };

/**
 * Opens files whose writes go as `next` says, each after `before`. `part` is the part of the bytes, from 0 to
 * 1, that still gets onto the disk; a short write takes one byte at least.
 */
export const failingDisk =
  (next: () => DiskWrite, before: () => Promise<void> = async () => {}) =>
  async (path: string, flags: 'wx' | 'a'): Promise<TapeHandle> => {
    const file = await open(path, flags);
    const write = async (bytes: Uint8Array, offset: number, length: number) => {
      await before();
      const how = next();
      if (how.kind === 'whole') return file.write(bytes, offset, length);
      const least = how.kind === 'short' ? 1 : 0;
      const some = Math.max(least, Math.floor(how.part * length));
      const written = some > 0 ? await file.write(bytes, offset, some) : { bytesWritten: 0, buffer: bytes };
      // As a file system does: the count is short now, and the error comes with the next write.
      if (how.kind === 'short') return written;
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    };
    return {
      write: write as TapeHandle['write'],
      truncate: (length) => file.truncate(length),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  };
