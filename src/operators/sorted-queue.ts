import type { Micros } from '../domain/time.ts';

/** Events in order of `at`, equal times in order of arrival; the oldest leaves first. */
export interface SortedQueue<T> {
  /** O(1) for an event that is not older than the newest, else O(how many overtook it). */
  readonly insert: (event: T) => void;
  readonly oldest: () => T | undefined;
  readonly newest: () => T | undefined;
  readonly shift: () => T | undefined;
  readonly size: () => number;
  readonly forEach: (visit: (event: T) => void) => void;
}

/** Leaving costs O(1): the head moves, and the array is cut once half of it has left. */
export function sortedQueue<T extends { readonly at: Micros }>(): SortedQueue<T> {
  let events: (T | undefined)[] = [];
  let head = 0;
  return {
    insert(event) {
      let slot = events.length;
      for (
        let before = events[slot - 1];
        slot > head && before && before.at > event.at;
        before = events[slot - 1]
      )
        events[slot--] = before;
      events[slot] = event;
    },
    oldest: () => events[head],
    newest: () => (events.length > head ? events[events.length - 1] : undefined),
    shift() {
      const event = events[head];
      if (event === undefined) return undefined;
      events[head++] = undefined;
      if (head > 1024 && head * 2 > events.length) {
        events = events.slice(head);
        head = 0;
      }
      return event;
    },
    size: () => events.length - head,
    forEach(visit) {
      for (let slot = head; slot < events.length; slot++) {
        const event = events[slot];
        if (event !== undefined) visit(event);
      }
    },
  };
}
