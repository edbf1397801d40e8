/**
 * One line for each suite or test that was skipped, with its file; its title says why. Suites are the
 * outermost title that says "skipped", tests stand for themselves.
 *
 * @param {readonly {testFilePath: string, testResults: readonly {status: string, ancestorTitles: readonly string[], title: string}[]}[]} results
 * @param {string} root
 * @returns {readonly string[]}
 */
export function skippedLines(results, root) {
  const lines = new Map();
  for (const { testFilePath, testResults } of results)
    for (const { status, ancestorTitles, title } of testResults) {
      if (status !== 'pending' && status !== 'todo') continue;
      const titles = [...ancestorTitles, title];
      const why = titles.find((each) => each.includes('skipped')) ?? titles.join(' › ');
      const line = `  ${why} · ${testFilePath.replace(`${root}/`, '')}`;
      lines.set(line, (lines.get(line) ?? 0) + 1);
    }
  return [...lines].map(([line, count]) => `${line}${count > 1 ? ` · ${count} tests` : ''}`);
}
