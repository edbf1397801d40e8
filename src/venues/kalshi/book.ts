import type { ContractBookView } from '../../domain/events/market.ts';
import { type Count, DOLLAR_TICKS, type PriceTicks } from '../../domain/money.ts';
import { MOST_COUNT } from './decimal.ts';

/** The book behind a `ContractBookView`. The code that changes it owns it; all other code gets the view. */
export interface ContractBook extends ContractBookView {
  /** Replaces every level by a snapshot's ([ticks, count, …], YES prices) and makes the book live. */
  readonly load: (bids: readonly number[], asks: readonly number[]) => void;
  /**
   * Adds to one level and returns whether the top of the book changed: its best price or the count there. If
   * the level would fall below zero, or above any count that can be, it changes nothing and returns
   * `negative`: the book is then wrong.
   */
  readonly change: (side: 'bid' | 'ask', ticks: PriceTicks, delta: Count) => 'top' | 'deep' | 'negative';
  /** Empties the book and makes it not live until the next `load`. */
  readonly quarantine: () => void;
}

/** One leg's bids, indexed by price in steps; index 0 stands for an empty side, since no price is zero. */
interface Leg {
  readonly bestTicks: () => number;
  readonly bestCount: () => number;
  readonly at: (ticks: number) => number;
  readonly set: (ticks: number, count: number) => void;
  readonly add: (ticks: number, delta: number) => 'top' | 'deep' | 'negative';
  readonly walk: (visit: (ticks: number, count: number) => boolean) => void;
  readonly clear: () => void;
}

/**
 * Price steps in use on Kalshi, coarsest first: a cent, a tenth of a cent, and the hundredth of a cent of
 * `banded_centi_cent` markets.
 */
const STEPS = [100, 10, 1] as const;

/**
 * Counts by price in a flat array. Its step is the coarsest that fits all prices seen so far: 101 places for
 * whole cents, 1,001 for tenths.
 */
function createLeg(): Leg {
  let step: number = STEPS[0];
  let counts = new Float64Array(DOLLAR_TICKS / step + 1);
  let best = 0;

  const refine = (ticks: number): void => {
    const finer = STEPS.find((candidate) => ticks % candidate === 0) ?? 1;
    const old = counts;
    const ratio = step / finer;
    counts = new Float64Array(DOLLAR_TICKS / finer + 1);
    for (let i = 1; i < old.length; i++) counts[i * ratio] = old[i] ?? 0;
    best *= ratio;
    step = finer;
  };

  const put = (index: number, count: number): void => {
    counts[index] = count;
    if (count > 0) {
      if (index > best) best = index;
    } else if (index === best) {
      while (best > 0 && !((counts[best] ?? 0) > 0)) best--;
    }
  };

  return {
    bestTicks: () => best * step,
    bestCount: () => counts[best] ?? 0,
    at: (ticks) => counts[ticks / step] ?? 0,
    set: (ticks, count) => {
      if (ticks % step !== 0) refine(ticks);
      put(ticks / step, count);
    },
    add: (ticks, delta) => {
      if (ticks % step !== 0) refine(ticks);
      const index = ticks / step;
      const count = (counts[index] ?? 0) + delta;
      if (count < 0 || count > MOST_COUNT) return 'negative';
      const top = index >= best && delta !== 0;
      put(index, count);
      return top ? 'top' : 'deep';
    },
    walk: (visit) => {
      for (let i = best; i > 0; i--) {
        const count = counts[i] ?? 0;
        if (count > 0 && !visit(i * step, count)) return;
      }
    },
    clear: () => {
      counts.fill(0);
      best = 0;
    },
  };
}

/**
 * A Kalshi book in integers. It holds the bids of both legs. The NO leg is kept at NO prices, and shown as
 * asks at one dollar minus its prices. Reading the top is free. A change is O(1), but for a few array reads
 * if it empties the best level.
 */
export function createBook(ticker: string): ContractBook {
  const yes = createLeg();
  const no = createLeg();
  let live = false;

  const clear = (): void => {
    yes.clear();
    no.clear();
  };
  const fill = (leg: Leg, levels: readonly number[], price: (ticks: number) => number): void => {
    for (let i = 0; i + 1 < levels.length; i += 2) leg.set(price(levels[i] ?? 0), levels[i + 1] ?? 0);
  };
  const legTicks = (side: 'bid' | 'ask', ticks: number): number =>
    side === 'bid' ? ticks : DOLLAR_TICKS - ticks;

  return {
    ticker,
    get live() {
      return live;
    },
    get bidTicks() {
      const ticks = yes.bestTicks();
      return ticks === 0 ? undefined : (ticks as PriceTicks);
    },
    get askTicks() {
      const ticks = no.bestTicks();
      return ticks === 0 ? undefined : ((DOLLAR_TICKS - ticks) as PriceTicks);
    },
    get bidCount() {
      return yes.bestCount() as Count;
    },
    get askCount() {
      return no.bestCount() as Count;
    },
    get crossed() {
      return yes.bestTicks() + no.bestTicks() >= DOLLAR_TICKS;
    },
    countAt: (side, ticks) => (side === 'bid' ? yes : no).at(legTicks(side, ticks)) as Count,
    walk: (side, visit) =>
      side === 'bid'
        ? yes.walk((ticks, count) => visit(ticks as PriceTicks, count as Count))
        : no.walk((ticks, count) => visit((DOLLAR_TICKS - ticks) as PriceTicks, count as Count)),
    load: (bids, asks) => {
      clear();
      fill(yes, bids, (ticks) => ticks);
      fill(no, asks, (ticks) => DOLLAR_TICKS - ticks);
      live = true;
    },
    change: (side, ticks, delta) =>
      side === 'bid' ? yes.add(ticks, delta) : no.add(DOLLAR_TICKS - ticks, delta),
    quarantine: () => {
      clear();
      live = false;
    },
  };
}
