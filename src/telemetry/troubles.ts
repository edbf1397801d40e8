/** Kinds of trouble that are told apart; the rest are one kind. */
const MOST_KINDS = 20;

/** Tells troubles without repeating itself. */
export interface Troubles {
  readonly add: (why: string) => void;
  /** Tells how often each came in all, where that was not told yet. */
  readonly end: () => void;
}

interface Kind {
  readonly why: string;
  count: number;
  told: number;
}

/** Two sentences that differ in their numbers alone are of one kind. */
const kindOf = (why: string): string => why.replaceAll(/\d+/g, '#');

/**
 * Tells a trouble when it comes first, then at the tenth, the hundredth time and so on, and at the end how
 * often it came. Sentences that differ only in numbers count as the same.
 */
export function troubles(tell: (why: string) => void): Troubles {
  const kinds = new Map<string, Kind>();
  const say = (kind: Kind): void => {
    kind.told = kind.count;
    tell(kind.count === 1 ? kind.why : `${kind.count} times so far: ${kind.why}`);
  };
  return {
    add: (why) => {
      const name = kindOf(why);
      const known = kinds.get(name) ?? (kinds.size < MOST_KINDS ? undefined : kinds.get(''));
      const kind = known ?? {
        why: kinds.size < MOST_KINDS ? why : `others, such as: ${why}`,
        count: 0,
        told: 0,
      };
      if (!known) kinds.set(kinds.size < MOST_KINDS ? name : '', kind);
      kind.count++;
      if (/^10*$/.test(String(kind.count))) say(kind);
    },
    end: () => {
      for (const kind of kinds.values())
        if (kind.count > kind.told) {
          kind.told = kind.count;
          tell(`${kind.count} times in all: ${kind.why}`);
        }
    },
  };
}
