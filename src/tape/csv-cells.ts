import { parse } from 'csv-parse/sync';

/** The cells of one line of CSV, quotes read by RFC 4180; undefined where the quotes are broken. */
export function csvCells(line: string): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(',');
  try {
    const [cells, another] = parse(line, { relax_column_count: true });
    return another ? undefined : cells;
  } catch {
    return undefined;
  }
}
