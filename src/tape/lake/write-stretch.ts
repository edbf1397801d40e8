import { renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../transport/make-folder.ts';
import { fileHash } from './file-hash.ts';
import type { LakeFile } from './lake-manifest.ts';
import type { Duck } from './open-duck.ts';
import { sqlText } from './sql-text.ts';

/** Rows of a group of Parquet. A reader that asks for an hour skips the groups of others. */
const ROW_GROUP = 61_440;

/** Folder of the frames of one venue, asset and day, as DuckDB and others read partitions (Hive's layout). */
export const partition = (venue: string, asset: string, day: string): string =>
  join('frames', `venue=${venue}`, `asset=${encodeURIComponent(asset)}`, `day=${day}`);

/**
 * Writes what `select` gives as a Parquet file of the lake (zstd), and says what stands in it. The file gets its
 * name when it is whole. Throws the errors of DuckDB and of the file system.
 */
export async function writeRows(duck: Duck, lake: string, path: string, select: string): Promise<LakeFile> {
  const whole = join(lake, path);
  makeFolder(dirname(whole));
  const result = await duck.connection.run(
    `COPY (${select}) TO ${sqlText(`${whole}.part`)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP})`,
  );
  const [[rows] = []] = await result.getRowsJson();
  if (statSync(`${whole}.part`).size === 0) throw new Error(`lake: ${whole} came out empty`);
  const sha256 = await fileHash(`${whole}.part`);
  renameSync(`${whole}.part`, whole);
  return { path, rows: Number(rows), sha256 };
}
