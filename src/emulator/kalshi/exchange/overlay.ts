import type { KalshiLevel } from '../public/emission.ts';

type Side = 'bid' | 'ask';

/** A member's resting order in the book. Prices in $0.0001 of YES, counts in 0.01 contracts. */
export interface RestingOrder {
  readonly orderId: string;
  readonly side: Side;
  readonly ticks: number;
  remaining: number;
  /** Makers' count that is ahead in the queue. */
  ahead: number;
}

/** A match of a resting order: this count of it is filled, at its own price. */
export interface Hit {
  readonly orderId: string;
  readonly side: Side;
  readonly ticks: number;
  readonly count: number;
}

/** What an order would match with. */
export interface TakePlan {
  readonly fills: readonly KalshiLevel[];
  readonly filled: number;
  /** The member's own orders that are cancelled instead of matching (`maker` prevention). */
  readonly ownCancelled: readonly string[];
  /** True if the order met one of the member's own and must stop there (`taker_at_cross`). */
  readonly stopped: boolean;
}

/** One market's book: the makers' levels, less what the member took, plus the member's resting orders. */
export interface KalshiOverlay {
  /**
   * The makers add or remove `by` at a level. `shown` is the change that the public sees; `hits` are the
   * resting orders that it matched.
   */
  readonly change: (
    side: Side,
    ticks: number,
    by: number,
  ) => { readonly shown: number; readonly hits: readonly Hit[] };
  /** The makers add or remove `by` at a level of a market that does not match now. */
  readonly absorb: (side: Side, ticks: number, by: number) => void;
  /** Replaces the makers' whole book, of a market that does not match now. */
  readonly replace: (bids: readonly KalshiLevel[], asks: readonly KalshiLevel[]) => void;
  /** Replaces the makers' whole book. */
  readonly load: (bids: readonly KalshiLevel[], asks: readonly KalshiLevel[]) => readonly Hit[];
  /**
   * Somebody takes from the makers. `count` is what was still available; `hits` are resting orders that were
   * ahead of the makers.
   */
  readonly trade: (
    taker: Side,
    ticks: number,
    count: number,
  ) => { readonly count: number; readonly hits: readonly Hit[] };
  /** What an order of `side` at `limit` or better would match with now. It changes nothing. */
  readonly plan: (
    side: Side,
    limit: number,
    count: number,
    prevention: 'taker_at_cross' | 'maker',
  ) => TakePlan;
  /** Removes a plan's fills from the book; `side` is the order's. */
  readonly take: (side: Side, fills: readonly KalshiLevel[]) => void;
  readonly rest: (order: Pick<RestingOrder, 'orderId' | 'side' | 'ticks' | 'remaining'>) => void;
  /** Reduces a resting order to `remaining`, in its place; 0 removes it. */
  readonly keep: (orderId: string, remaining: number) => void;
  readonly resting: (orderId: string) => Readonly<RestingOrder> | undefined;
  readonly shown: (side: Side) => readonly KalshiLevel[];
}

const other = (side: Side): Side => (side === 'bid' ? 'ask' : 'bid');
/** Whether a resting price is as good as `limit` for an order of `side`. */
const crosses = (side: Side, limit: number, ticks: number): boolean =>
  side === 'bid' ? ticks <= limit : ticks >= limit;
const bestFirst =
  (side: Side) =>
  (a: number, b: number): number =>
    side === 'bid' ? b - a : a - b;

/**
 * Price-time priority between generated makers, who do not see members, and one member's orders. What the
 * member took stays taken until the makers withdraw it. At a level of which c was taken, later reductions by
 * the makers are assumed to come from the rest, and c falls only when the level holds less than c.
 */
export function kalshiOverlay(): KalshiOverlay {
  const makers = { bid: new Map<number, number>(), ask: new Map<number, number>() };
  const taken = { bid: new Map<number, number>(), ask: new Map<number, number>() };
  let orders: RestingOrder[] = [];

  const free = (side: Side, ticks: number): number =>
    (makers[side].get(ticks) ?? 0) - (taken[side].get(ticks) ?? 0);
  const set = (levels: Map<number, number>, ticks: number, count: number): void => {
    if (count > 0) levels.set(ticks, count);
    else levels.delete(ticks);
  };
  const cap = (side: Side, ticks: number): void => {
    const stands = makers[side].get(ticks) ?? 0;
    if ((taken[side].get(ticks) ?? 0) > stands) set(taken[side], ticks, stands);
    for (const order of orders)
      if (order.side === side && order.ticks === ticks)
        order.ahead = Math.min(order.ahead, free(side, ticks));
  };
  const restingAgainst = (side: Side, limit: number): readonly RestingOrder[] =>
    orders
      .filter((order) => order.side !== side && crosses(side, limit, order.ticks))
      .sort((a, b) => bestFirst(other(side))(a.ticks, b.ticks));
  const hit = (order: RestingOrder, count: number): Hit => {
    order.remaining -= count;
    if (order.remaining === 0) orders = orders.filter((kept) => kept !== order);
    return { orderId: order.orderId, side: order.side, ticks: order.ticks, count };
  };
  /** Matches the makers' arriving count with resting orders against it. */
  const arrive = (side: Side, ticks: number): readonly Hit[] => {
    const hits: Hit[] = [];
    for (const order of restingAgainst(side, ticks)) {
      const count = Math.min(order.remaining, free(side, ticks));
      if (count <= 0) break;
      set(taken[side], ticks, (taken[side].get(ticks) ?? 0) + count);
      hits.push(hit(order, count));
    }
    return hits;
  };

  const absorb = (side: Side, ticks: number, by: number): void => {
    set(makers[side], ticks, (makers[side].get(ticks) ?? 0) + by);
    cap(side, ticks);
  };
  const replace = (bids: readonly KalshiLevel[], asks: readonly KalshiLevel[]): void => {
    for (const side of ['bid', 'ask'] as const) {
      makers[side].clear();
      for (const { ticks, count } of side === 'bid' ? bids : asks) makers[side].set(ticks, count);
      for (const ticks of new Set([...taken[side].keys(), ...orders.map((order) => order.ticks)]))
        cap(side, ticks);
    }
  };

  return {
    absorb,
    replace,
    change: (side, ticks, by) => {
      const before = free(side, ticks);
      absorb(side, ticks, by);
      const hits = by > 0 ? arrive(side, ticks) : [];
      return { shown: free(side, ticks) - before, hits };
    },
    load: (bids, asks) => {
      replace(bids, asks);
      return (['bid', 'ask'] as const).flatMap((side) =>
        [...makers[side].keys()].sort(bestFirst(side)).flatMap((ticks) => arrive(side, ticks)),
      );
    },
    trade: (taker, ticks, count) => {
      const hits: Hit[] = [];
      let left = count;
      let filledHere = 0;
      for (const order of restingAgainst(taker, ticks)) {
        if (order.ticks !== ticks) {
          const part = Math.min(order.remaining, left);
          left -= part;
          if (part > 0) hits.push(hit(order, part));
          continue;
        }
        const passed = left - order.ahead - filledHere;
        order.ahead = Math.max(0, order.ahead - left);
        const part = Math.min(order.remaining, passed);
        if (part <= 0) continue;
        filledHere += part;
        hits.push(hit(order, part));
      }
      return { count: Math.min(count, free(other(taker), ticks)), hits };
    },
    plan: (side, limit, count, prevention) => {
      const facing = other(side);
      const prices = new Set([
        ...makers[facing].keys(),
        ...orders.filter((order) => order.side === facing).map((order) => order.ticks),
      ]);
      const fills: KalshiLevel[] = [];
      const ownCancelled: string[] = [];
      let wanted = count;
      for (const ticks of [...prices].sort(bestFirst(facing))) {
        if (wanted === 0 || !crosses(side, limit, ticks)) break;
        const stands = free(facing, ticks);
        let here = 0;
        let stopped = false;
        for (const own of orders) {
          if (own.side !== facing || own.ticks !== ticks) continue;
          here += Math.min(wanted - here, Math.max(0, Math.min(own.ahead, stands) - here));
          if (here === wanted) break;
          if (prevention === 'taker_at_cross') {
            stopped = true;
            break;
          }
          ownCancelled.push(own.orderId);
        }
        if (!stopped) here += Math.min(wanted - here, stands - here);
        wanted -= here;
        if (here > 0) fills.push({ ticks, count: here });
        if (stopped) return { fills, filled: count - wanted, ownCancelled, stopped };
      }
      return { fills, filled: count - wanted, ownCancelled, stopped: false };
    },
    take: (side, fills) => {
      const facing = other(side);
      for (const { ticks, count } of fills) {
        set(taken[facing], ticks, (taken[facing].get(ticks) ?? 0) + count);
        cap(facing, ticks);
      }
    },
    rest: ({ orderId, side, ticks, remaining }) => {
      orders.push({ orderId, side, ticks, remaining, ahead: free(side, ticks) });
    },
    keep: (orderId, remaining) => {
      if (remaining === 0) orders = orders.filter((order) => order.orderId !== orderId);
      else for (const order of orders) if (order.orderId === orderId) order.remaining = remaining;
    },
    resting: (orderId) => orders.find((order) => order.orderId === orderId),
    shown: (side) => {
      const levels = new Map<number, number>();
      const add = (ticks: number, count: number): void => {
        if (count > 0) levels.set(ticks, (levels.get(ticks) ?? 0) + count);
      };
      for (const ticks of makers[side].keys()) add(ticks, free(side, ticks));
      for (const order of orders) if (order.side === side) add(order.ticks, order.remaining);
      return [...levels].map(([ticks, count]) => ({ ticks, count })).sort((a, b) => a.ticks - b.ticks);
    },
  };
}
