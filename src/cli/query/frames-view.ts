import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LAKE_ENDING, readManifest } from '../../tape/lake/lake-manifest.ts';
import { sqlText } from '../../tape/lake/sql-text.ts';
import type { Linked, View } from './views.ts';

const PARTITION = /venue=([^/]+)\/asset=([^/]+)\//;
const NONE =
  'SELECT NULL::VARCHAR AS "recording", NULL::VARCHAR AS "venue", NULL::VARCHAR AS "asset", NULL::TIMESTAMP AS "time", NULL::BIGINT AS "atMicros", NULL::BIGINT AS "ordinal", NULL::VARCHAR AS "kind", NULL::VARCHAR AS "text" WHERE false';

/**
 * The view `frames` over a lake: a row for each frame, with the recording, venue and asset that it is kept under.
 * `text` is what the venue sent, or the JSON of our own line. Only what a list of files names is read. Throws the
 * sentence of a list that cannot be read.
 */
export function framesView(lake: string, linked: Linked): View {
  const parts = readdirSync(lake)
    .filter((name) => name.endsWith(LAKE_ENDING))
    .sort()
    .flatMap((name) => {
      const { recording, stretches } = readManifest(join(lake, name));
      const byPlace = new Map<string, string[]>();
      for (const { path } of stretches.flatMap(({ files }) => files)) {
        const [, venue = '', asset = ''] = PARTITION.exec(path) ?? [];
        const place = `${sqlText(venue)} AS "venue", ${sqlText(decodeURIComponent(asset))} AS "asset"`;
        byPlace.set(place, [...(byPlace.get(place) ?? []), sqlText(linked.link(join(lake, path)))]);
      }
      return [...byPlace].map(
        ([place, links]) =>
          `SELECT ${sqlText(recording)} AS "recording", ${place}, make_timestamp("at") AS "time", "at" AS "atMicros", "ordinal", "kind", "text" FROM read_parquet([${links.join(', ')}], hive_partitioning = false)`,
      );
    });
  return { name: 'frames', sql: parts.length > 0 ? parts.join(' UNION ALL ') : NONE };
}
