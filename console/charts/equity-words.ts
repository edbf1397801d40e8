import type { EquityPoint } from '../../src/console/state.ts';
import { dollars, percent, signedDollars } from './figures.ts';

/** What the equity chart shows now, in a sentence: with the greatest fall from a peak within the time shown. */
export function equityWords(points: readonly EquityPoint[]): string {
  const last = points.at(-1);
  if (last === undefined) return 'The account is not known yet.';
  let peak = Number.NEGATIVE_INFINITY;
  let fall = 0;
  let fromPeak = 0;
  for (const { equityDollars } of points) {
    peak = Math.max(peak, equityDollars);
    if (peak - equityDollars > fall) {
      fall = peak - equityDollars;
      fromPeak = peak;
    }
  }
  return (
    `Equity ${dollars(last.equityDollars)}, ${signedDollars(last.dayDollars)} today; the worst outcome of what is held and` +
    ` open is ${signedDollars(last.worstDollars)}. Greatest fall in the time shown ${dollars(fall)}${
      fromPeak > 0 ? `, ${percent(fall / fromPeak)} of the peak before it` : ''
    }.`
  );
}
