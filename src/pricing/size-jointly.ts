import { type Count, contractsOf, count } from '../domain/money.ts';
import type { SettlementSums } from '../domain/settlement-sums.ts';
import type { OpenMoments } from './close-moments.ts';
import { jointKelly } from './joint-kelly.ts';
import type { PricingSettings } from './settings.ts';
import { type Belief, paysIn, settlementGrid, tilted, weightOf } from './settlement-grid.ts';

/** A contract of the close that we might buy a side of, or hold. */
export interface CloseBet extends Belief {
  /** `bid` buys YES, `ask` buys NO. */
  readonly side: 'bid' | 'ask';
  /** Price and fee of one contract of that side, in dollars. */
  readonly costDollars: number;
  readonly displayedCount: Count;
  /** Signed count held: YES positive, NO negative. */
  readonly position: Count;
}

/** What is held of a contract that is no bet now. */
export interface CloseHolding {
  /** Undefined if the terms are unknown: it then counts as lost. */
  readonly sums: SettlementSums | undefined;
  readonly position: Count;
  readonly paidDollars: number;
}

/** An order that may still fill; `costDollars` is price and fee of one contract of its side. */
export interface CloseOrder {
  readonly sums: SettlementSums | undefined;
  readonly side: 'bid' | 'ask';
  readonly remaining: Count;
  readonly costDollars: number;
}

/** Everything else at the close of a bet. */
export interface RestOfClose {
  readonly bets: readonly CloseBet[];
  /**
   * Where the bet in question stands among them. Contracts that pay alike share one size in any split, so all
   * must see the bets in one order: otherwise each leaves the size to the others.
   */
  readonly place: number;
  readonly holdings: readonly CloseHolding[];
  readonly orders: readonly CloseOrder[];
}

const paysSide = (side: 'bid' | 'ask', pays: readonly (0 | 1)[]): readonly number[] =>
  side === 'bid' ? pays : pays.map((pay) => 1 - pay);

/**
 * Count to buy of `own` when everything at its close is decided together: the bets that maximise expected log
 * wealth over the settlement values, with what is held and ordered. Fractional Kelly is Kelly with that
 * fraction of the bankroll; a position counts by what it may still gain or lose from its price on. For one
 * contract alone this is `sizeOf`.
 *
 * An order counts as filled where it wins when `own` wins, and not where it would hedge: a fill that may not
 * come makes no room.
 */
export function sizeJointly(
  own: CloseBet,
  { bets, place, holdings, orders }: RestOfClose,
  moments: OpenMoments,
  bankrollDollars: number,
  settings: PricingSettings['sizing'],
): Count {
  const all = [...bets.slice(0, place), own, ...bets.slice(place)];
  const known = [...all, ...holdings, ...orders].flatMap(({ sums }) => sums ?? []);
  const grid = tilted(settlementGrid(moments, known), all);
  const wealth = grid.starts.map(() => settings.kellyFraction * bankrollDollars);
  const add = (contracts: number, pays: readonly number[], worth: number): void =>
    pays.forEach((pay, k) => {
      wealth[k] = (wealth[k] as number) + contracts * (pay - worth);
    });

  for (const { sums, position, paidDollars } of holdings) {
    if (sums === undefined)
      add(
        1,
        wealth.map(() => 0),
        paidDollars,
      );
    else {
      const pays = paysIn(grid, sums);
      add(contractsOf(position), pays, weightOf(grid, pays));
    }
  }
  const offered = all.map(({ sums, side, position, costDollars, displayedCount }) => {
    const pays = paysSide(side, paysIn(grid, sums));
    add(contractsOf(position) * (side === 'bid' ? 1 : -1), pays, costDollars);
    const most = Math.min(displayedCount * settings.displayedShare, settings.maxOrderCount);
    return { returns: pays.map((pay) => pay - costDollars), most: most / 100 };
  });
  const ownPays = paysSide(own.side, paysIn(grid, own.sums));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value, k) => sum + value * (grid.weights[k] as number), 0);
  for (const { sums, side, remaining, costDollars } of orders) {
    // An order of unknown terms may lose whenever ours does.
    const pays = sums && paysSide(side, paysIn(grid, sums));
    if (!pays)
      add(
        contractsOf(remaining),
        wealth.map(() => 0),
        costDollars,
      );
    else if (mean(pays.map((pay, k) => pay * (ownPays[k] as number))) > mean(pays) * mean(ownPays))
      add(contractsOf(remaining), pays, costDollars);
  }

  const wanted = 100 * (jointKelly(grid.weights, wealth, offered)[place] ?? 0);
  const lots = Math.floor(wanted / settings.lotCount + 1e-9);
  return count(lots > 0 ? lots * settings.lotCount : 0);
}
