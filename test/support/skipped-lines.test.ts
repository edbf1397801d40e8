import { expect, test } from '@jest/globals';
import { skippedLines } from './skipped-lines.js';

const result = (status: string, ...titles: readonly string[]) => ({
  status,
  ancestorTitles: titles.slice(0, -1),
  title: titles.at(-1) ?? '',
});

test('a skipped suite is one line with its reason, a skipped test is one with all its titles, others are none', () => {
  const lines = skippedLines(
    [
      {
        testFilePath: '/house/test/a.test.ts',
        testResults: [
          result('pending', 'tapes (skipped: no data at x)', 'one'),
          result('pending', 'tapes (skipped: no data at x)', 'two'),
          result('passed', 'tapes', 'skipped is only a word here'),
        ],
      },
      { testFilePath: '/house/test/b.test.ts', testResults: [result('pending', 'b', 'is not ready')] },
    ],
    '/house',
  );
  expect(lines).toEqual([
    '  tapes (skipped: no data at x) · test/a.test.ts · 2 tests',
    '  b › is not ready · test/b.test.ts',
  ]);
});
