import type { Point } from '../telemetry/point.ts';
import { point } from '../telemetry/typed-point.ts';
import type { ConsoleState, Payoff } from './state.ts';

/** The last step of a curve; the first is 0. */
const LAST = 40;
const CLOSES = ['next', 'later'] as const;

type Step = readonly [valueDollars: number, pnlDollars: number];

/** The profit or loss at a settlement value; a curve is flat beyond its ends. */
const pnlAt = (points: Payoff['points'], value: number): number => {
  let pnl = points[0]?.[1] ?? 0;
  for (const [at, made] of points) {
    if (at > value) break;
    pnl = made;
  }
  return pnl;
};

/** A curve at steps of one width; the step that is nearest to its worst value stands exactly there. */
function stepsOf({ points, worst }: Payoff): readonly Step[] {
  const from = points[0]?.[0] ?? 0;
  const until = points.at(-1)?.[0] ?? 0;
  const width = (until - from) / LAST;
  const worstStep = width > 0 ? Math.min(LAST, Math.max(0, Math.round((worst[0] - from) / width))) : 0;
  return Array.from({ length: LAST + 1 }, (_, step) => {
    const value = from + step * width;
    return step === worstStep ? worst : [value, pnlAt(points, value)];
  });
}

/** Points of the payoff curves of each asset's next two closes. */
export function payoffPoints({ at, maps: { payoffs } }: ConsoleState): readonly Point[] {
  const byAsset = new Map<string, Payoff[]>();
  for (const payoff of Object.values(payoffs)) {
    if (payoff.closeAt < at || payoff.points.length === 0) continue;
    byAsset.set(payoff.asset, [...(byAsset.get(payoff.asset) ?? []), payoff]);
  }
  return [...byAsset].flatMap(([asset, all]) => {
    const next = all.sort((a, b) => a.closeAt - b.closeAt).slice(0, CLOSES.length);
    return next.flatMap((payoff, i) =>
      stepsOf(payoff).flatMap((step, number) =>
        point(
          'payoff',
          at,
          { asset, close: CLOSES[i] ?? 'later', step: String(number) },
          {
            valueDollars: step[0],
            pnlDollars: step[1],
            closeAt: payoff.closeAt,
            worst: step === payoff.worst,
          },
        ),
      ),
    );
  });
}
