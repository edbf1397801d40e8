import type { ForecastQuality } from '../../src/console/state.ts';
import { percent } from '../charts/figures.ts';
import { bandVerdict } from './band-verdict.ts';
import { grouped } from './grouped.ts';

/** One sentence for each drift: the best member has become worse than the baseline, or a band holds too little. */
export function driftWords(quality: readonly ForecastQuality[]): readonly string[] {
  const groups = grouped(quality, ({ asset, minutes }) => `${asset}, ${minutes} min`);
  return [...groups].flatMap(([name, rows]) => {
    const rated = rows.filter((row) => row.ratio !== null && row.count > 0);
    const best = rated.reduce<ForecastQuality | undefined>(
      (a, b) => (a === undefined || (b.ratio ?? 1) < (a.ratio ?? 1) ? b : a),
      undefined,
    );
    const words: string[] = [];
    if (best?.ratio != null && best.ratio > 1)
      words.push(`${name}: even ${best.member} is ${percent(best.ratio - 1)} worse than the baseline.`);
    for (const row of rows)
      if (bandVerdict(row) === 'narrow')
        words.push(
          `${name}: the band of ${row.member} held ${percent(row.coverage)} where it promises 80 %.`,
        );
    return words;
  });
}
