import { skippedLines } from './skipped-lines.js';

/** Prints at the end of a run which suites were skipped and why. Jest takes a reporter as a class. */
export default class SkippedReporter {
  /**
   * @param {unknown} _contexts
   * @param {{testResults: Parameters<typeof skippedLines>[0]}} results
   */
  onRunComplete(_contexts, { testResults }) {
    const lines = skippedLines(testResults, process.cwd());
    process.stderr.write(
      lines.length === 0 ? '\nNothing was skipped.\n' : `\nSkipped, and why:\n${lines.join('\n')}\n`,
    );
  }
}
