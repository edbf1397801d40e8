import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import type { Point } from '../../../src/telemetry/point.ts';
import { segmentName } from '../../../src/telemetry/store/segment-names.ts';
import { storeSettings } from '../../../src/telemetry/store/settings.ts';
import { toParquet } from '../../../src/telemetry/store/to-parquet.ts';

/** A lane's folder of its own below `root`. */
export function laneFolder(root: string): string {
  const folder = mkdtempSync(join(root, 'lane-'));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Settings that flush at once. */
export const quick = (changes: Partial<ReturnType<typeof storeSettings.parse>> = {}) => ({
  ...storeSettings.parse({ flushMillis: 10 }),
  ...changes,
});

/** Converts within the test's own process, which runs TypeScript. */
export const parts = (folder: string) => ({ folder, unlock: () => {}, convert: toParquet });

/** A decision's refusal with number `id`. */
export const refusal = (id: number, series = 'KXBTC15M'): Point => ({
  measurement: 'refusal',
  at: 1_780_320_600_000_000 + id,
  tags: { series, check: 'edge' },
  fields: { decisionId: id, ticker: 'KXBTC15M-26JUN011030-30', observed: id / 3 },
});

/** The numbers of all refusals in a folder, of Parquet and of lines, in the order of the stretches. */
export async function idsIn(folder: string): Promise<readonly number[]> {
  const ids: number[] = [];
  for (const name of readdirSync(folder).sort()) {
    const ending = segmentName(name)?.ending;
    if (ending === '.parquet') {
      const file = await asyncBufferFromFile(join(folder, name, 'refusal.parquet'));
      const rows = await parquetReadObjects({ file });
      ids.push(...rows.map((row) => Number(row['decisionId'])));
    } else if (ending === '.ndjson' || ending === '.ndjson.part')
      for (const line of readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
        ids.push((JSON.parse(line) as { fields: { decisionId: number } }).fields.decisionId);
  }
  return ids;
}
