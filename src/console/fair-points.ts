import type { Point } from '../telemetry/point.ts';
import { point } from '../telemetry/typed-point.ts';
import type { ConsoleState, ContractView } from './state.ts';

/** Contracts this far from the money are written, to either side. */
const MOST_RANK = 10;

/** The price that a contract is about: the middle of a range, else its one bound. */
const strikeOf = ({ floorDollars, capDollars }: ContractView): number | null =>
  floorDollars !== null && capDollars !== null
    ? (floorDollars + capDollars) / 2
    : (floorDollars ?? capDollars);

/**
 * A point for each contract near the money of the next close of its series. `rank` is its place from the one
 * whose strike is nearest to the index, which has 0; without an index, from the middle one.
 */
export function fairPoints({ at, maps: { contracts, assets } }: ConsoleState): readonly Point[] {
  const bySeries = new Map<string, ContractView[]>();
  for (const contract of Object.values(contracts)) {
    if (contract.closeAt <= at || contract.openAt > at || contract.result !== null) continue;
    const known = bySeries.get(contract.series);
    if (!known || contract.closeAt < (known[0]?.closeAt ?? 0)) bySeries.set(contract.series, [contract]);
    else if (contract.closeAt === known[0]?.closeAt) known.push(contract);
  }
  return [...bySeries].flatMap(([series, open]) => {
    const strikes = open
      .flatMap((contract) => {
        const strike = strikeOf(contract);
        return strike === null ? [] : [{ contract, strike }];
      })
      .sort((a, b) => a.strike - b.strike || (a.contract.ticker < b.contract.ticker ? -1 : 1));
    const index = assets[open[0]?.asset ?? '']?.indexDollars ?? null;
    const distance = (i: number): number =>
      index === null ? Math.abs(i - (strikes.length >> 1)) : Math.abs((strikes[i]?.strike ?? 0) - index);
    let nearest = 0;
    for (const i of strikes.keys()) if (distance(i) < distance(nearest)) nearest = i;
    return strikes.flatMap(({ contract }, i) => {
      const rank = i - nearest;
      if (Math.abs(rank) > MOST_RANK) return [];
      const { ticker, live, bidTicks, askTicks, fairTicks, fairErrorTicks, position } = contract;
      return point(
        'fair',
        at,
        { series, rank: String(rank) },
        {
          ticker,
          bidTicks: live ? bidTicks : null,
          askTicks: live ? askTicks : null,
          fairTicks,
          fairErrorTicks,
          position,
        },
      );
    });
  });
}
