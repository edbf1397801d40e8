import { screenLine } from '../screen-line.ts';

const GAP = '  ';
const LEAST = 8;
/** So few rows may stand one below the other, with all their columns. */
const FEW = 10;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;

/** A cell of an answer as text: nothing for null, JSON for lists and structures. */
export const cellText = (cell: unknown): string => {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
};

const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;

/**
 * Rows as a table of at most `width` characters: numbers to the right, the widest columns cut until all fit,
 * and of very many columns as many as fit, with a line that names the others. A few rows that do not fit are
 * told column by column.
 */
export function tableLines(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  width: number,
): readonly string[] {
  const texts = rows.map((row) => row.map((cell) => screenLine(cellText(cell))));
  const shown = columns.slice(0, Math.max(1, Math.floor((width + GAP.length) / (LEAST + GAP.length))));
  const widths = shown.map((column, i) =>
    Math.max(column.length, 1, ...texts.map((row) => (row[i] ?? '').length)),
  );
  const total = (): number => widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1);
  if (texts.length > 0 && texts.length <= FEW && (shown.length < columns.length || total() > width)) {
    const longest = Math.max(...columns.map((column) => column.length));
    return texts.flatMap((row, at) => [
      ...(at > 0 ? [''] : []),
      ...columns.map((column, i) => cut(`${column.padEnd(longest)}${GAP}${row[i] ?? ''}`, width).trimEnd()),
    ]);
  }
  while (total() > width) {
    const widest = widths.indexOf(Math.max(...widths));
    const now = widths[widest] as number;
    if (now <= LEAST) break;
    widths[widest] = Math.max(LEAST, now - Math.max(1, Math.min(total() - width, Math.ceil(now / 4))));
  }
  const right = shown.map(
    (_, i) => texts.length > 0 && texts.every((row) => row[i] === '' || NUMBER.test(row[i] ?? '')),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const text = cut(cell, widths[i] ?? LEAST);
        return right[i] ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0);
      })
      .join(GAP)
      .trimEnd();
  const hidden = columns.slice(shown.length);
  return [
    line(shown),
    widths.map((each) => '─'.repeat(each)).join(GAP),
    ...texts.map((row) => line(row.slice(0, shown.length))),
    ...(hidden.length > 0 ? [`not shown for want of room: ${hidden.join(', ')}`] : []),
  ];
}
