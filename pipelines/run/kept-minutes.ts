import type { MinuteBar } from '../../src/domain/bars.ts';
import type { MinuteClosed } from '../../src/domain/events/bars.ts';
import type { AssetBars } from '../../src/domain/frame.ts';

/** Eight days: the longest feature needs a week; one more day covers holes. */
const MOST_KEPT = 8 * 1_440;

/** The newest closed minutes of every asset. */
export interface KeptMinutes {
  readonly add: (event: Pick<MinuteClosed, 'asset' | 'bar'>) => void;
  /** The minutes now, oldest first; later ones do not change the returned value. */
  readonly read: () => readonly AssetBars[];
}

/**
 * Keeps the minutes that a session began with and those that closed since, so that a new session of the same
 * run can be warmed as the first one was. Bars that name no asset belong to `first`.
 */
export function keptMinutes(history: readonly AssetBars[], first: string | undefined): KeptMinutes {
  const kept = new Map<string | undefined, MinuteBar[]>(
    history.map(({ asset, bars }) => [asset ?? first, bars.slice(-MOST_KEPT)]),
  );
  return {
    add: ({ asset, bar }) => {
      const bars = kept.get(asset) ?? [];
      kept.set(asset, bars);
      // A new session tells the minutes of its warm-up no second time, but a late one must not come twice.
      if (bar.openAt <= (bars.at(-1)?.openAt ?? Number.NEGATIVE_INFINITY)) return;
      bars.push(bar);
      if (bars.length > MOST_KEPT) bars.shift();
    },
    read: () => [...kept].map(([asset, bars]) => ({ asset, bars: bars.slice() })),
  };
}
