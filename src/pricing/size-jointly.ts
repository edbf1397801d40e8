import { type Count, contractsOf, count } from '../domain/money.ts';
import type { SettlementSums } from '../domain/settlement-sums.ts';
import type { OpenMoments } from './close-moments.ts';
import { jointKelly, type KellyBet } from './joint-kelly.ts';
import type { PricingSettings } from './settings.ts';
import {
  type Belief,
  type Outcomes,
  paysIn,
  type SettlementGrid,
  settlementGrid,
  startsOf,
  tilted,
  weightOf,
} from './settlement-grid.ts';

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

/** Everything at one close that is decided together. */
export interface JointClose {
  /** Contracts that pay alike share one size in any split, so all must see the bets in one order. */
  readonly bets: readonly CloseBet[];
  readonly holdings: readonly CloseHolding[];
  readonly moments: OpenMoments;
  readonly bankrollDollars: number;
  readonly settings: PricingSettings['sizing'];
}

/** Count to buy of the bet at `place` while `orders` may still fill. */
export type JointSizes = (place: number, orders: readonly CloseOrder[]) => Count;

/**
 * Counts to buy at one close when everything there is decided together: those that maximise expected log
 * wealth over the settlement values, with what is held and ordered. Fractional Kelly is Kelly with that
 * fraction of the bankroll; a position counts by what it may still gain or lose from its price on. For one
 * contract alone this is `sizeOf`.
 *
 * An order counts as filled where it wins when the bet that is asked for wins, and not where it would hedge: a
 * fill that may not come makes no room. So bets by which the same orders count have one solution, which is
 * found once; an array of orders that was seen last is not looked through again.
 */
export function jointSizes({ bets, holdings, moments, bankrollDollars, settings }: JointClose): JointSizes {
  let grid: BetsOnGrid | undefined;
  let seen: readonly CloseOrder[] | undefined;
  let orders: readonly OrderOnGrid[] = [];
  /** The counts of all bets, by the orders that count. */
  let solutions = new Map<string, readonly number[]>();

  const look = (given: readonly CloseOrder[]): BetsOnGrid => {
    if (grid && seen === given) return grid;
    seen = given;
    const known = [...bets, ...holdings, ...given].flatMap(({ sums }) => sums ?? []);
    const starts = startsOf(known);
    if (!grid || !alike(grid.starts, starts))
      grid = betsOnGrid({ bets, holdings, moments, bankrollDollars, settings }, starts);
    const laid = grid;
    orders = given.map((order) => orderOnGrid(laid, order));
    solutions = new Map();
    return laid;
  };

  return (place, given) => {
    const laid = look(given);
    const own = laid.sides[place];
    if (!own) throw new RangeError(`jointSizes: place must be that of a bet, was ${place} of ${bets.length}`);
    const counting = orders.filter(({ won }) => won === undefined || winsWith(laid, won, own));
    const key = counting.map((order) => orders.indexOf(order)).join(' ');
    let counts = solutions.get(key);
    if (!counts) {
      const wealth = Float64Array.from(laid.wealth);
      for (const { won, contracts, costDollars } of counting) add(wealth, contracts, won, costDollars);
      counts = jointKelly(laid.weights, wealth, laid.offered);
      solutions.set(key, counts);
    }
    const lots = Math.floor((100 * (counts[place] as number)) / settings.lotCount + 1e-9);
    return count(lots > 0 ? lots * settings.lotCount : 0);
  };
}

/** The outcomes in which a side pays a dollar: those of YES, or all others. */
interface Won extends Outcomes {
  readonly yes: boolean;
  readonly weight: number;
}

/** The bets of a close on its outcomes, with the wealth in each before any bet or order. */
interface BetsOnGrid extends SettlementGrid {
  readonly wealth: Float64Array;
  readonly sides: readonly Won[];
  readonly offered: readonly KellyBet[];
}

/** `won` is undefined for unknown terms: the order may then lose whenever the bet does. */
interface OrderOnGrid {
  readonly won: Won | undefined;
  readonly contracts: number;
  readonly costDollars: number;
}

const alike = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

const pays = ({ from, to, yes }: Omit<Won, 'weight'>, k: number): boolean => (k >= from && k < to) === yes;

function wonOn(grid: SettlementGrid, { sums, side }: Pick<CloseBet, 'sums' | 'side'>): Won {
  const { from, to } = paysIn(grid, sums);
  const yes = side === 'bid';
  let weight = 0;
  for (let k = 0; k < grid.weights.length; k++)
    if ((k >= from && k < to) === yes) weight += grid.weights[k] as number;
  return { from, to, yes, weight };
}

/** Adds contracts that pay a dollar in the outcomes that are won, and were worth `worth` before. */
function add(
  wealth: Float64Array,
  contracts: number,
  won: Omit<Won, 'weight'> | undefined,
  worth: number,
): void {
  for (let k = 0; k < wealth.length; k++)
    wealth[k] = (wealth[k] as number) + contracts * ((won && pays(won, k) ? 1 : 0) - worth);
}

/** Whether one side is likelier to win when the other does. */
function winsWith({ weights }: SettlementGrid, one: Won, other: Won): boolean {
  let both = 0;
  for (let k = 0; k < weights.length; k++) if (pays(one, k) && pays(other, k)) both += weights[k] as number;
  return both > one.weight * other.weight;
}

function betsOnGrid(
  { bets, holdings, moments, bankrollDollars, settings }: JointClose,
  starts: readonly number[],
): BetsOnGrid {
  const grid = tilted(settlementGrid(moments, [], starts), bets);
  const wealth = new Float64Array(starts.length).fill(settings.kellyFraction * bankrollDollars);
  for (const { sums, position, paidDollars } of holdings) {
    if (sums === undefined) {
      add(wealth, 1, undefined, paidDollars);
      continue;
    }
    const outcomes = paysIn(grid, sums);
    add(wealth, contractsOf(position), { ...outcomes, yes: true }, weightOf(grid, outcomes));
  }
  const sides = bets.map((bet) => wonOn(grid, bet));
  const offered = bets.map(({ side, position, costDollars, displayedCount }, j) => {
    const won = sides[j] as Won;
    if (position !== 0) add(wealth, contractsOf(position) * (side === 'bid' ? 1 : -1), won, costDollars);
    const most = Math.min(displayedCount * settings.displayedShare, settings.maxOrderCount);
    const returns = new Float64Array(starts.length);
    for (let k = 0; k < returns.length; k++) returns[k] = (pays(won, k) ? 1 : 0) - costDollars;
    return { returns, most: most / 100 };
  });
  return { ...grid, wealth, sides, offered };
}

const orderOnGrid = (
  grid: SettlementGrid,
  { sums, side, remaining, costDollars }: CloseOrder,
): OrderOnGrid => ({
  won: sums && wonOn(grid, { sums, side }),
  contracts: contractsOf(remaining),
  costDollars,
});
