import type { AssetView } from '../../src/console/state.ts';
import { clockTime } from '../../src/domain/clock-time.ts';
import { dollars, signedDollars, spanWords } from './figures.ts';
import { type StrikeLines, strikeDollars } from './strike-lines.ts';

/** What the price chart shows now, in sentences. */
export function priceWords(
  asset: AssetView,
  spotDollars: number | null,
  strikes: StrikeLines | undefined,
  at: number,
): string {
  const { indexDollars, cone } = asset;
  const words = [
    indexDollars === null
      ? `The index of ${asset.asset} is not known.`
      : `${asset.asset} index ${dollars(indexDollars)}${
          spotDollars === null
            ? ''
            : `, spot ${dollars(spotDollars)} (${signedDollars(spotDollars - indexDollars)} to the index)`
        }.`,
  ];
  const end = cone.at(-1);
  if (end !== undefined && end.at > at)
    words.push(
      `In ${spanWords(end.at - at)} it lies between ${dollars(end.lowDollars, 0)} and ${dollars(end.highDollars, 0)}` +
        ' with a chance of four in five.',
    );
  if (strikes !== undefined) {
    words.push(`Next close ${clockTime(strikes.closeAt)} UTC, in ${spanWords(strikes.closeAt - at)}.`);
    const nearest = [...strikes.lines].sort(
      (a, b) => Math.abs(a.dollars - (indexDollars ?? 0)) - Math.abs(b.dollars - (indexDollars ?? 0)),
    )[0];
    if (nearest !== undefined && indexDollars !== null)
      words.push(
        `The nearest strike is ${strikeDollars(nearest.dollars)}, ${signedDollars(nearest.dollars - indexDollars)} away.`,
      );
  }
  return words.join(' ');
}
