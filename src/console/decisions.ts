import type { Decision } from '../domain/events/decision.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import { decisionLine, decisionView } from './decision-view.ts';
import { type DecisionView, RING_MOST } from './state.ts';
import type { Draw } from './store.ts';

/** The last decisions, and how many each check refused in the present minute. */
export interface Decisions {
  readonly add: (decision: Decision) => void;
  /** A decision by its number; undefined if it is forgotten. */
  readonly get: (id: number) => DecisionView | undefined;
  /** The minute that ends at `at` is over. */
  readonly minute: (to: Draw, at: Micros) => void;
  readonly draw: (to: Draw) => void;
}

const MOST = RING_MOST.decisions;

/** Keeps the last decisions whole, as many as the ring has lines. */
export function decisions(): Decisions {
  const kept = new Map<number, Decision>();
  let fresh: Decision[] = [];
  let approved = 0;
  let byCheck: Record<string, number> = {};
  return {
    add: (decision) => {
      kept.delete(decision.id);
      kept.set(decision.id, decision);
      if (kept.size > MOST) kept.delete(kept.keys().next().value as number);
      fresh.push(decision);
      if (fresh.length > 2 * MOST) fresh = fresh.slice(-MOST);
      const [first] = decision.failing;
      if (first === undefined) approved++;
      else byCheck[first] = (byCheck[first] ?? 0) + 1;
    },
    get: (id) => {
      const decision = kept.get(id);
      return decision && decisionView(decision);
    },
    minute: (to, at) => {
      if (approved > 0 || Object.keys(byCheck).length > 0)
        to.push('abstentions', { at: at - MINUTE, approved, byCheck });
      approved = 0;
      byCheck = {};
    },
    draw: (to) => {
      for (const decision of fresh.slice(-MOST)) to.push('decisions', decisionLine(decision));
      fresh = [];
    },
  };
}
