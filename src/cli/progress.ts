import { Presets, SingleBar } from 'cli-progress';

/** The progress of long work. */
export interface Progress {
  /** `done` of `total` units; `note` is shown beside the bar. */
  readonly update: (done: number, total: number, note: string) => void;
  readonly stop: () => void;
}

const QUIET_MS = 2_000;

/**
 * A bar on stderr, drawn only on a terminal and only once the work has lasted two seconds; elsewhere nothing
 * is printed.
 */
export function progress(label: string): Progress {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const startedAt = Date.now();
  let bar: SingleBar | undefined;
  return {
    update(done, total, note) {
      if (Date.now() - startedAt < QUIET_MS) return;
      if (!bar) {
        bar = new SingleBar(
          { format: `${label} [{bar}] {percentage}% {note}`, stream: process.stderr, clearOnComplete: true },
          Presets.legacy,
        );
        bar.start(total, done, { note });
      }
      bar.setTotal(total);
      bar.update(done, { note });
    },
    stop: () => bar?.stop(),
  };
}
