import { printable } from '../../domain/printable.ts';
import type { DoctorRow } from './run-checks.ts';

const GAP = 2;
const LEAST_COLUMN = 20;

/** Lines of at most `width` characters, broken at spaces; a longer word is cut. Never empty. */
const wrapped = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return [...lines, line];
};

/**
 * The rows as lines: check, state, what was found, what to do next. A long text is wrapped in its own column.
 * No line is longer than `width` characters, unless one of the two texts would then have less than twenty.
 */
export function table(rows: readonly DoctorRow[], width: number): readonly string[] {
  const head = ['check', 'state', 'found', 'what to do next'];
  const cells = rows.map((row) => [row.check, row.kind, row.found, 'next' in row ? row.next : '']);
  const widest = (column: number): number =>
    Math.max(...[head, ...cells].map((each) => printable(each[column] ?? '').length));
  const left = width - widest(0) - widest(1) - 3 * GAP;
  // Each text gets half of the space that is left, plus what the other does not need.
  const found = Math.min(widest(2), Math.max(LEAST_COLUMN, Math.floor(left / 2), left - widest(3)));
  const next = Math.min(widest(3), Math.max(LEAST_COLUMN, left - found));
  const widths = [widest(0), widest(1), found, next];
  return [head, widths.map((each) => '─'.repeat(each)), ...cells].flatMap((row) => {
    const columns = row.map((text, i) => wrapped(text, widths[i] ?? LEAST_COLUMN));
    const height = Math.max(...columns.map((lines) => lines.length));
    return Array.from({ length: height }, (_, y) =>
      columns
        .map((lines, i) => (lines[y] ?? '').padEnd((widths[i] ?? 0) + GAP))
        .join('')
        .trimEnd(),
    );
  });
}
