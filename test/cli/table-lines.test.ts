import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tableLines } from '../../src/cli/query/table-lines.ts';

describe('a table of an answer', () => {
  test('fits the screen, has a line a row or all columns of a few, and moves no cursor', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 160 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.double(), fc.constant(null)), {
          minLength: 1,
          maxLength: 40,
        }),
        (width, columnCount, rowCount, cells) => {
          const columns = Array.from({ length: columnCount }, (_, i) => `column${i}`);
          const rows = Array.from({ length: rowCount }, (_, row) =>
            columns.map((_, i) => cells[(row * columnCount + i) % cells.length]),
          );
          const lines = tableLines(columns, rows, width);
          // The last line may name many columns that had no room.
          for (const line of lines.filter((each) => !each.startsWith('not shown'))) {
            expect(line.length).toBeLessThanOrEqual(width);
            expect(line).not.toMatch(/\p{Cc}/u);
          }
          if (lines[1]?.startsWith('─')) expect(lines.length).toBeGreaterThanOrEqual(2 + rowCount);
          else expect(lines.filter(Boolean).length).toBe(columnCount * rowCount);
        },
      ),
    );
  });

  test('keeps numbers to the right and says which columns had no room', () => {
    expect(
      tableLines(
        ['ticker', 'n'],
        [
          ['A', 1],
          ['BB', 20],
        ],
        40,
      ),
    ).toEqual(['ticker   n', '──────  ──', 'A        1', 'BB      20']);
    const many = Array.from({ length: 9 }, (_, i) => `c${i}`);
    const rows = Array.from({ length: 11 }, () => many.map(() => 'a long text of many words'));
    expect(tableLines(many, rows, 40).at(-1)).toMatch(/^not shown for want of room: c4, c5/);
  });
});
