import type { ReliabilityBin } from '../../src/console/state.ts';
import { percent, plain } from './figures.ts';
import { shareInterval } from './share-interval.ts';

/** Bins of which the diagonal lies outside the interval of what came. */
export const offBins = (bins: readonly ReliabilityBin[]): readonly ReliabilityBin[] =>
  bins.filter(({ count, meanProbability, shareYes }) => {
    const [low, high] = shareInterval(shareYes * count, count);
    return count > 0 && (meanProbability < low || meanProbability > high);
  });

/** What the reliability diagram shows, in sentences. */
export function reliabilityWords(bins: readonly ReliabilityBin[]): string {
  const seen = bins.filter(({ count }) => count > 0);
  const total = seen.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return 'No probability has come true or false yet.';
  const error =
    seen.reduce(
      (sum, { count, meanProbability, shareYes }) => sum + count * Math.abs(meanProbability - shareYes),
      0,
    ) / total;
  const off = offBins(seen);
  const head = `Of ${plain(total)} probabilities what we said and what came differ by ${plain(100 * error, 1)} points on average.`;
  if (off.length === 0) return `${head} No group is off by more than chance allows.`;
  const worst = off.reduce((a, b) =>
    Math.abs(b.meanProbability - b.shareYes) > Math.abs(a.meanProbability - a.shareYes) ? b : a,
  );
  return (
    `${head} ${off.length} of ${seen.length} groups ${off.length === 1 ? 'is' : 'are'} off by more than chance allows;` +
    ` the most where we said ${percent(worst.meanProbability, 0)} and ${percent(worst.shareYes, 0)} came, of ${plain(worst.count)}.`
  );
}
