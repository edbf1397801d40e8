import { signedCents } from './figures.ts';
import type { LadderGrid } from './ladder-grid.ts';

/** What the ladder map shows now, in a sentence. */
export function ladderWords({ rows }: LadderGrid): string {
  const cells = rows.flatMap(({ cells, label }) =>
    cells.flatMap((cell) => (cell?.cents == null ? [] : [{ label, cents: cell.cents }])),
  );
  if (cells.length === 0) return 'No contract has both a fair value and a book now.';
  const widest = cells.reduce((a, b) => (Math.abs(b.cents) > Math.abs(a.cents) ? b : a));
  const over = cells.filter(({ cents }) => cents >= 0.5).length;
  const under = cells.filter(({ cents }) => cents <= -0.5).length;
  return (
    `Of ${cells.length} contracts our fair value is above the middle of the book at ${over} and below it at ${under},` +
    ` by half a cent or more; the most at ${widest.label}, ${signedCents(widest.cents)}.`
  );
}
