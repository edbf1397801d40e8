import { dirname } from 'node:path';
import type { Micros } from '../../domain/time.ts';
import { segmentLine } from '../line.ts';
import { believed } from './believed.ts';
import { type LakeFile, type LakeManifest, readManifest } from './lake-manifest.ts';
import { type Duck, openDuck } from './open-duck.ts';
import { sqlText } from './sql-text.ts';

/** Lines of a block. */
const LINES = 2_048;

/** The rows of files that were written together, as lines of a tape in the order of the recording. */
async function* lines(duck: Duck, lake: string, files: readonly LakeFile[]): AsyncGenerator<Buffer> {
  const paths: string[] = [];
  for (const file of files) paths.push(sqlText(await believed(lake, file)));
  const result = await duck.connection.stream(
    `SELECT "at" || '000' || chr(9) || "column" || chr(9) || text FROM read_parquet([${paths.join(', ')}], hive_partitioning = false) ORDER BY ordinal`,
  );
  let waiting: string[] = [];
  for await (const chunk of result) {
    for (const line of chunk.getColumnValues(0)) waiting.push(`${line}\n`);
    if (waiting.length < LINES) continue;
    yield Buffer.from(waiting.join(''));
    waiting = [];
  }
  if (waiting.length > 0) yield Buffer.from(waiting.join(''));
}

/** Which stretch to begin with, so that nothing at or after `from` is missed. */
function firstStretch({ stretches }: LakeManifest, from: Micros): number {
  let found = 0;
  for (const [i, { opening, firstAt }] of stretches.entries()) if (opening && firstAt <= from) found = i;
  return found;
}

/**
 * The frames of a recording in a lake as whole lines of a tape, in blocks: what `readBlocks` gives of a tape's file.
 * `path` is the recording's manifest. With `from` it begins at the last state that was kept at or before that time,
 * told by the frames of that state. So it does where the first days are no longer kept. Throws one sentence for a file
 * that is missing or was changed.
 */
export async function* lakeBlocks(
  path: string,
  from: Micros = Number.NEGATIVE_INFINITY,
): AsyncGenerator<Buffer> {
  const manifest = readManifest(path);
  const lake = dirname(path);
  const begin = firstStretch(manifest, from);
  const duck = await openDuck();
  try {
    for (const [i, { first, firstAt, opening, files }] of manifest.stretches.slice(begin).entries()) {
      if (i === 0 && manifest.parts > 0) yield Buffer.from(segmentLine(firstAt, manifest.recording, 1));
      if (i === 0 && first > 0 && opening) yield* lines(duck, lake, [opening]);
      yield* lines(duck, lake, files);
    }
  } finally {
    duck.close();
  }
}
