import type { BookChange, ContractTop } from '../../domain/events/market.ts';
import type { PriceTicks } from '../../domain/money.ts';

/** Our own estimate of where an order stands at its price. */
export interface QueuePlace {
  /** Count ahead of it, in 0.01 contracts; infinite while it is not known. */
  readonly ahead: () => number;
  readonly observe: (change: BookChange, top: ContractTop) => void;
}

/**
 * Begins when the order rests. At the touch the displayed count stands ahead, inside it nothing does, and
 * behind it what is there is not known until the touch comes to the price. What comes later joins behind. What
 * goes, goes ahead of us and behind us in proportion, as nobody says whether it was traded or cancelled.
 */
export function queuePlace(side: 'bid' | 'ask', ticks: PriceTicks, joined: ContractTop): QueuePlace {
  let level = Number.NaN;
  let ahead = Number.POSITIVE_INFINITY;
  const touch = (top: ContractTop): void => {
    if (level >= 0) return;
    const best = side === 'bid' ? top.bidTicks : top.askTicks;
    const inside = best === undefined || (side === 'bid' ? best < ticks : best > ticks);
    if (inside) [level, ahead] = [0, 0];
    else if (best === ticks) {
      level = side === 'bid' ? top.bidCount : top.askCount;
      ahead = level;
    }
  };
  touch(joined);
  return {
    ahead: () => ahead,
    observe: (change, top) => {
      if (change.kind !== 'delta') {
        level = Number.NaN;
        touch(top);
        return;
      }
      if (change.side === side && change.priceTicks === ticks && level >= 0) {
        if (change.change < 0 && level > 0) ahead *= Math.max(0, 1 + change.change / level);
        level = Math.max(0, level + change.change);
      }
      touch(top);
    },
  };
}
