import type { Micros } from '../../domain/time.ts';

/** What the rota keeps of a contract. `evaluatedAt` is before everything until the first evaluation. */
export interface Turn<Item> {
  /** Contracts are numbered in the order in which they were first heard of. */
  readonly arrival: number;
  evaluatedAt: Micros;
  /** The rest are the rota's own marks. Nobody else writes them. */
  dirty: boolean;
  round: number;
  listed: boolean;
  previous: Item | undefined;
  next: Item | undefined;
}

/**
 * In which turn the contracts of one asset are evaluated. None of its functions looks at a contract that has
 * nothing to be evaluated for, so that a desk of a thousand contracts pays only for those that are due.
 */
export interface Rota<Item> {
  /** A contract can be evaluated from now on. It does not need to be yet. */
  readonly enter: (slot: Item) => void;
  /** A contract cannot be evaluated any more. If it needed to be, it is still taken once, unless it `ended`. */
  readonly leave: (slot: Item, ended: boolean) => void;
  /** One contract needs to be evaluated; false if it did before. */
  readonly mark: (slot: Item) => boolean;
  /** Every contract needs to be evaluated. */
  readonly markAll: () => void;
  /** When the contract was evaluated that has waited longest; undefined without one. */
  readonly longestAt: () => Micros | undefined;
  /** The contracts that were last evaluated at `at` or before it, whether they need to be or not. */
  readonly quietSince: (at: Micros) => readonly Item[];
  /**
   * The contracts that need to be evaluated and last were at `at` or before it, in the order of their arrival.
   * Of more than `most` those that have waited longest.
   */
  readonly due: (at: Micros, most: number) => readonly Item[];
  /**
   * When the contract was last evaluated that is the next to be due after `due`; undefined without one. It is
   * before `at` if some were left.
   */
  readonly nextAt: () => Micros | undefined;
  /** A contract was evaluated. */
  readonly evaluated: (slot: Item, at: Micros) => void;
}

/**
 * Keeps the contracts in the order in which they were last evaluated, the longest ago first. So those that
 * are due stand together at its head. That all need to be evaluated is one number and no walk over them.
 */
export function rota<Item extends Turn<Item>>(): Rota<Item> {
  let head: Item | undefined;
  let tail: Item | undefined;
  let size = 0;
  /** A contract whose number differs needs to be evaluated. */
  let round = 0;
  /** How many contracts have another number. */
  let behind = 0;
  /** Those that were marked one by one; some may have been evaluated or have ended since. */
  let marked: Item[] = [];
  let nextAt: Micros | undefined;

  const insertBefore = (slot: Item, next: Item | undefined): void => {
    const previous = next ? next.previous : tail;
    slot.previous = previous;
    slot.next = next;
    if (previous) previous.next = slot;
    else head = slot;
    if (next) next.previous = slot;
    else tail = slot;
    slot.listed = true;
    size++;
  };
  const remove = (slot: Item): void => {
    if (slot.round !== round) behind--;
    if (slot.previous) slot.previous.next = slot.next;
    else head = slot.next;
    if (slot.next) slot.next.previous = slot.previous;
    else tail = slot.previous;
    slot.previous = undefined;
    slot.next = undefined;
    slot.listed = false;
    size--;
  };
  const push = (slot: Item): void => {
    slot.dirty = true;
    marked.push(slot);
  };

  return {
    enter: (slot) => {
      if (slot.listed) return;
      let next = head;
      while (next && next.evaluatedAt < slot.evaluatedAt) next = next.next;
      slot.round = round;
      insertBefore(slot, next);
    },
    leave: (slot, ended) => {
      const needed = slot.dirty || (slot.listed && slot.round !== round);
      if (slot.listed) remove(slot);
      if (ended) slot.dirty = false;
      else if (needed && !slot.dirty) push(slot);
    },
    mark: (slot) => {
      if (slot.dirty || !slot.listed || slot.round !== round) return false;
      push(slot);
      return true;
    },
    markAll: () => {
      round++;
      behind = size;
    },
    longestAt: () => head?.evaluatedAt,
    quietSince: (at) => {
      const quiet: Item[] = [];
      for (let slot = head; slot && slot.evaluatedAt <= at; slot = slot.next) quiet.push(slot);
      return quiet;
    },
    due: (at, most) => {
      const due: Item[] = [];
      nextAt = undefined;
      const waits = ({ evaluatedAt }: Item): void => {
        if (nextAt === undefined || evaluatedAt < nextAt) nextAt = evaluatedAt;
      };
      if (marked.length > 0) {
        const waiting: Item[] = [];
        for (const slot of marked) {
          if (!slot.dirty) continue;
          if (slot.evaluatedAt <= at) due.push(slot);
          else {
            waiting.push(slot);
            waits(slot);
          }
        }
        marked = waiting;
      }
      let left = behind;
      let walked = 0;
      for (let slot = head; slot && left > 0; slot = slot.next) {
        if (slot.round === round) continue;
        if (slot.evaluatedAt > at || walked === most) {
          waits(slot);
          break;
        }
        left--;
        if (slot.dirty) continue;
        due.push(slot);
        walked++;
      }
      if (due.length > most) {
        due.sort((a, b) =>
          a.evaluatedAt === b.evaluatedAt ? a.arrival - b.arrival : a.evaluatedAt - b.evaluatedAt,
        );
        for (const slot of due.splice(most)) {
          waits(slot);
          if (slot.dirty) marked.push(slot);
        }
      }
      return due.sort((a, b) => a.arrival - b.arrival);
    },
    nextAt: () => nextAt,
    evaluated: (slot, at) => {
      slot.dirty = false;
      slot.evaluatedAt = at;
      if (!slot.listed) return;
      remove(slot);
      slot.round = round;
      insertBefore(slot, undefined);
    },
  };
}
