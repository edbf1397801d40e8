import type { Micros } from '../../../domain/time.ts';
import type { PortfolioView } from './portfolio-view.ts';

/** The copies of a portfolio that reads are answered from. */
export interface PortfolioReplicas {
  /** Takes note of the portfolio after a change; it costs nothing while no read lags. */
  readonly record: () => void;
  /** Sets the age of reads; 0 makes them current. With `contradict`, every other read is current. */
  readonly lag: (span: Micros, contradict: boolean) => void;
  /** What the next read sees. */
  readonly read: () => PortfolioView;
  /** Every read shows at least what had happened by this time. */
  readonly asOf: () => Micros;
}

/** Beyond so many changes within the lag the oldest go, and reads become younger. */
const MOST_KEPT = 5_000;

/**
 * A portfolio that can be read late. `live` is the portfolio now. A lag that begins at B never shows anything
 * older than B. `asOf` is the truth about the oldest copy that a read may come from.
 */
export function portfolioReplicas(live: () => PortfolioView, now: () => Micros): PortfolioReplicas {
  let span = 0;
  let contradicts = false;
  let reads = 0;
  /** Oldest first; while there is a lag, the first is what a late read sees. */
  let kept: PortfolioView[] = [];

  const settle = (): void => {
    const due = now() - span;
    let oldest = 0;
    while ((kept[oldest + 1]?.at ?? Number.POSITIVE_INFINITY) <= due) oldest++;
    kept.splice(0, Math.max(oldest, kept.length - MOST_KEPT));
  };
  return {
    record: () => {
      if (span === 0) return;
      const view = live();
      if (kept.at(-1)?.at === view.at) kept.pop();
      kept.push(view);
      settle();
    },
    lag: (next, contradict) => {
      // A new lag goes on from what the one before had kept.
      if (span === 0) kept = [live()];
      span = next;
      contradicts = contradict;
      if (next === 0) kept = [];
    },
    read: () => {
      if (span === 0 || (contradicts && reads++ % 2 === 1)) return live();
      settle();
      return kept[0] ?? live();
    },
    asOf: () => {
      if (span === 0) return now();
      settle();
      return Math.max(kept[0]?.at ?? 0, now() - span);
    },
  };
}
