/** So long may the process take to end after the last suite. */
const MOST_MS = 30_000;

/** Ends a process that something keeps alive after the run, and fails it. Jest takes a reporter as a class. */
export default class EndReporter {
  /**
   * @param {{watch?: boolean, watchAll?: boolean}} globalConfig
   * @param {{mostMs?: number}} [options]
   */
  constructor({ watch, watchAll }, { mostMs = MOST_MS } = {}) {
    this.watched = Boolean(watch || watchAll);
    this.mostMs = mostMs;
  }

  onRunComplete() {
    if (this.watched) return;
    // It keeps nothing alive itself, so a process that can end does so at once.
    setTimeout(() => {
      const open = process.getActiveResourcesInfo().join(', ');
      process.stderr.write(
        `\nThe tests are over, but the process has not ended for ${this.mostMs / 1_000} s: a suite left something open (${open}). It is ended now, and fails; \`--detectOpenHandles\` finds the suite.\n`,
      );
      process.exit(1);
    }, this.mostMs).unref();
  }
}
