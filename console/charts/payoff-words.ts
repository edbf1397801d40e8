import type { Payoff } from '../../src/console/state.ts';
import { clockTime } from '../../src/domain/clock-time.ts';
import { dollars, signedDollars } from './figures.ts';
import { valueAt } from './path.ts';
import { strikeDollars } from './strike-lines.ts';

/** What the payoff chart shows now, in sentences. */
export function payoffWords({ asset, closeAt, points, worst }: Payoff, indexDollars: number | null): string {
  const best = points.reduce<readonly [number, number]>((a, b) => (b[1] > a[1] ? b : a), worst);
  const now = indexDollars === null ? undefined : valueAt(points, indexDollars);
  return (
    `All that is held on ${asset} at ${clockTime(closeAt)} UTC: worst ${signedDollars(worst[1])} if it settles at` +
    ` ${strikeDollars(worst[0])}, best ${signedDollars(best[1])} at ${strikeDollars(best[0])}${
      now === undefined ? '' : `, and ${signedDollars(now)} at the index of now, ${dollars(indexDollars)}`
    }.`
  );
}
