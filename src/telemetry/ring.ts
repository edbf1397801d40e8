/** A queue of bounded length that forgets its oldest entry rather than refuse the newest. */
export interface Ring<T> {
  readonly size: () => number;
  /** True when the oldest entry had to go for it. */
  readonly push: (entry: T) => boolean;
  /** The oldest entries, at most `limit`, taken out. */
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
