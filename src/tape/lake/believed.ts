import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileHash } from './file-hash.ts';
import type { LakeFile } from './lake-manifest.ts';

/**
 * The path of a lake's file, once it is proven to be the one that was archived. Throws one sentence for a file that
 * is not there or has other bytes.
 */
export async function believed(lake: string, { path, sha256 }: LakeFile): Promise<string> {
  const whole = join(lake, path);
  if (!existsSync(whole))
    throw new Error(`lake: ${whole} is not there; restore it, or archive the recording again`);
  if ((await fileHash(whole)) !== sha256)
    throw new Error(
      `lake: ${whole} is not the file that was archived (its SHA-256 differs); restore it, or archive the recording again`,
    );
  return whole;
}
