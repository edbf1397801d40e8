/** A queue of bounded length. When it is full, it drops the oldest entry for a new one. */
export interface Ring<T> {
  readonly size: () => number;
  /** Adds an entry; true if the oldest one was dropped for it. */
  readonly push: (entry: T) => boolean;
  /** Removes and returns the oldest entries, at most `limit`. */
  readonly take: (limit: number) => T[];
}

/** An empty ring for `capacity` entries. */
export function ring<T>(capacity: number): Ring<T> {
  const entries: (T | undefined)[] = [];
  let first = 0;
  let size = 0;
  return {
    size: () => size,
    push: (entry) => {
      entries[(first + size) % capacity] = entry;
      if (size < capacity) {
        size += 1;
        return false;
      }
      first = (first + 1) % capacity;
      return true;
    },
    take: (limit) => {
      const taken: T[] = [];
      for (; size > 0 && taken.length < limit; size -= 1) {
        taken.push(entries[first] as T);
        entries[first] = undefined;
        first = (first + 1) % capacity;
      }
      return taken;
    },
  };
}
