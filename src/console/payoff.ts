import { dollarsOfUnits } from '../domain/contracts.ts';
import { DOLLAR_TICKS } from '../domain/money.ts';
import { type Close, exposuresOf } from '../portfolio/exposures.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { settlementSteps } from '../portfolio/settlement-steps.ts';
import type { Payoff } from './state.ts';

/** How far the curve goes past its outermost steps: a share of their span, and at least of the value itself. */
const MARGIN_SHARE = 0.1;
const LEAST_MARGIN = 0.001;

/**
 * What all that is held on one close makes by settlement value, after what it cost; orders are left out. It
 * is a step function: two points stand at each step, one unit of the index apart. A holding whose strike is
 * not known counts by its worse result. Undefined where nothing is held of which a strike is known.
 */
export function payoffOf({ holdings }: Portfolio, close: Close): Payoff | undefined {
  const changes = new Map<number, number>();
  let decimals: number | undefined;
  let base = 0;
  for (const { contract, yes, no } of exposuresOf(holdings, new Map(), close)) {
    const steps = contract && settlementSteps(contract);
    if (!contract || !steps || yes === no) {
      base += Math.min(yes, no);
      continue;
    }
    decimals = contract.indexDecimals;
    base += steps.startsYes ? yes : no;
    let change = steps.startsYes ? no - yes : yes - no;
    for (const units of steps.at) {
      changes.set(units, (changes.get(units) ?? 0) + change);
      change = -change;
    }
  }
  const steps = [...changes].filter(([, change]) => change !== 0).sort(([a], [b]) => a - b);
  const [first] = steps[0] ?? [];
  const [last] = steps.at(-1) ?? [];
  if (decimals === undefined || first === undefined || last === undefined) return undefined;
  const dollars = (units: number): number => dollarsOfUnits(units, decimals ?? 0);
  const margin = Math.ceil(Math.max((last - first) * MARGIN_SHARE, first * LEAST_MARGIN, 1));
  const points: [number, number][] = [];
  let total = base;
  let worst: [number, number] = [dollars(first - 1), total / DOLLAR_TICKS];
  const add = (units: number): void => {
    const value = dollars(units);
    if (points.at(-1)?.[0] !== value) points.push([value, total / DOLLAR_TICKS]);
  };
  add(first - 1 - margin);
  for (const [units, change] of steps) {
    add(units - 1);
    total += change;
    add(units);
    if (total / DOLLAR_TICKS < worst[1]) worst = [dollars(units), total / DOLLAR_TICKS];
  }
  add(last + margin);
  return { asset: close.asset, closeAt: close.closeAt, points, worst };
}
