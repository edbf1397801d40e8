import type { Random } from './random.ts';

/** The parts of a price process that use normal numbers. */
export type Shock = 'price' | 'jump' | 'slow' | 'fast';

/** The random numbers of a price process. */
export interface Shocks {
  /** Mean 0, deviation 1. `price` begins a step. */
  readonly normal: (of: Shock) => number;
  /** In (0, 1): decides whether there is a jump in this step. */
  readonly uniform: () => number;
}

/** Shocks of the leading process, which others follow. */
export interface LeadingShocks extends Shocks {
  /** Number of the present step, from 1; a process draws its initial state in step 0. */
  readonly step: () => number;
  /** The number drawn in this step; undefined if none was. */
  readonly drawn: (of: Shock) => number | undefined;
  readonly lastUniform: () => number;
}

const SHOCKS: readonly Shock[] = ['price', 'jump', 'slow', 'fast'];

/** Shocks of `random` alone, with a memory of the step. */
export function leadingShocks(random: Random): LeadingShocks {
  let step = 0;
  let uniform = Number.NaN;
  const drawn: Record<Shock, number | undefined> = {
    price: undefined,
    jump: undefined,
    slow: undefined,
    fast: undefined,
  };
  return {
    step: () => step,
    drawn: (of) => drawn[of],
    lastUniform: () => uniform,
    normal: (of) => {
      if (of === 'price') {
        step++;
        for (const each of SHOCKS) drawn[each] = undefined;
      }
      const value = random.normal();
      drawn[of] = value;
      return value;
    },
    uniform: () => {
      uniform = random.uniform();
      return uniform;
    },
  };
}

/**
 * Shocks of processes that share one common factor with a leading one: any two of all, the leading one
 * included, have `correlation`. The leading process must take each step first. It draws the same numbers as
 * it would alone, since the factor is made of them: F = √ρ·Z + √(1−ρ)·η, and a follower's number is √ρ·F +
 * √(1−ρ)·ε. Jumps come from the same uniform numbers, so that followers jump when the leader does, each at
 * its own rate.
 */
export function followingShocks(
  leading: LeadingShocks,
  correlation: number,
  random: Random,
): (own: Random) => Shocks {
  const shared = Math.sqrt(correlation);
  const rest = Math.sqrt(1 - correlation);
  const factor: Record<Shock, number> = { price: 0, jump: 0, slow: 0, fast: 0 };
  let step = -1;
  const refresh = (): void => {
    step = leading.step();
    // All four are drawn in each step, so that a follower's numbers do not depend on other followers.
    for (const of of SHOCKS) {
      const drawn = leading.drawn(of);
      const noise = random.normal();
      factor[of] = drawn === undefined ? noise : shared * drawn + rest * noise;
    }
  };
  return (own) => ({
    normal: (of) => {
      if (leading.step() !== step) refresh();
      return shared * factor[of] + rest * own.normal();
    },
    uniform: leading.lastUniform,
  });
}
