import type { Micros } from '../../domain/time.ts';

/** Actions at known times; those planned for the same time run in the order of planning. */
export interface Agenda<Out> {
  readonly plan: (at: Micros, act: (out: Out[]) => void) => void;
  /** Runs all actions due before `until`, including those that they plan. */
  readonly runBefore: (until: Micros, out: Out[]) => void;
}

/** An empty agenda. */
export function agenda<Out>(): Agenda<Out> {
  const acts: { readonly at: Micros; readonly act: (out: Out[]) => void }[] = [];
  return {
    plan: (at, act) => {
      let i = acts.length;
      for (let before = acts[i - 1]; before && before.at > at; before = acts[i - 1]) i--;
      acts.splice(i, 0, { at, act });
    },
    runBefore: (until, out) => {
      for (let next = acts[0]; next && next.at < until; next = acts[0]) {
        acts.shift();
        next.act(out);
      }
    },
  };
}
