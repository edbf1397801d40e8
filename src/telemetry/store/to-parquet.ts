import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BasicType, parquetWriteFile } from 'hyparquet-writer';
import type { FieldKind, Measurement } from '../measurement.ts';
import { measurements } from '../measurements.ts';
import type { Point } from '../point.ts';
import { LINES, PARQUET, TORN } from './segment-names.ts';
import { readStoredLine } from './stored-line.ts';

const catalogue: Readonly<Record<string, Measurement>> = measurements;
const ROWS = 50_000;
const TYPES: Readonly<Record<FieldKind, BasicType>> = {
  integer: 'INT64',
  float: 'DOUBLE',
  boolean: 'BOOLEAN',
  text: 'STRING',
};

/** What became of a full file of lines. */
export interface Converted {
  readonly points: number;
  /** Lines that were damaged, and lie in the file `STEM.torn` now. */
  readonly torn: number;
}

interface Column {
  readonly name: string;
  readonly type: BasicType;
  readonly nullable: boolean;
  readonly data: unknown[];
}

function columnsOf(name: string, points: readonly Point[]): Column[] {
  const kinds = catalogue[name]?.fields ?? {};
  const tags = new Set(points.flatMap((point) => Object.keys(point.tags)));
  const fields = new Set(points.flatMap((point) => Object.keys(point.fields)));
  return [
    { name: 'at', type: 'INT64', nullable: false, data: points.map(({ at }) => BigInt(at)) },
    ...[...tags].map(
      (tag): Column => ({
        name: tag,
        type: 'STRING',
        nullable: true,
        data: points.map((point) => point.tags[tag] ?? null),
      }),
    ),
    ...[...fields]
      .filter((field) => kinds[field] !== undefined && !tags.has(field))
      .map((field): Column => {
        const type = TYPES[kinds[field]?.kind ?? 'text'];
        return {
          name: field,
          type,
          nullable: true,
          data: points.map(({ fields: its }) => {
            const value = its[field] ?? null;
            return type === 'INT64' && typeof value === 'number' ? BigInt(value) : value;
          }),
        };
      }),
  ];
}

/**
 * Turns the full file of lines of a stretch into a folder `STEM.parquet` with one file a measurement, and
 * then removes it. The folder gets its name when it is whole, so a kill at any time leaves the lines or the
 * folder, and once more is no harm. Damaged lines are kept in `STEM.torn`. Throws the file system's error; the
 * lines then stay.
 */
export async function toParquet(folder: string, stem: string): Promise<Converted> {
  const lines = join(folder, `${stem}${LINES}`);
  const whole = join(folder, `${stem}${PARQUET}`);
  const part = `${whole}.part`;
  if (existsSync(whole)) {
    rmSync(lines, { force: true });
    return { points: 0, torn: 0 };
  }
  const byName = new Map<string, Point[]>();
  const torn: string[] = [];
  let points = 0;
  for await (const line of createInterface({
    input: createReadStream(lines),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line === '') continue;
    const point = readStoredLine(line);
    if (!point || !Object.hasOwn(catalogue, point.measurement)) {
      torn.push(line);
      continue;
    }
    points++;
    const known = byName.get(point.measurement);
    if (known) known.push(point);
    else byName.set(point.measurement, [point]);
  }
  rmSync(part, { recursive: true, force: true });
  if (points > 0) {
    mkdirSync(part);
    for (const [name, its] of byName)
      parquetWriteFile({
        filename: join(part, `${name}.parquet`),
        columnData: columnsOf(name, its) as Parameters<typeof parquetWriteFile>[0]['columnData'],
        rowGroupSize: ROWS,
      });
  }
  if (torn.length > 0) writeFileSync(join(folder, `${stem}${TORN}`), `${torn.join('\n')}\n`);
  if (points > 0) renameSync(part, whole);
  rmSync(lines);
  return { points, torn: torn.length };
}
