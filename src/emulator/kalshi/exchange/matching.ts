import type { MicroDollars } from '../../../domain/money.ts';
import type { Micros } from '../../../domain/time.ts';
import type { EmulatedContract } from '../public/contract.ts';
import type { KalshiLevel } from '../public/emission.ts';
import type { KalshiAccounts } from './accounts.ts';
import { type MemberMarket, memberMarket } from './member-market.ts';
import type { OrderGroups } from './order-groups.ts';
import type { Hit } from './overlay.ts';
import type { KalshiOrderView, KalshiOutput } from './port.ts';

/** An order: its public view, and what matching keeps of it. */
export interface HeldOrder {
  readonly view: KalshiOrderView;
  readonly prevention: 'taker_at_cross' | 'maker';
  /** How much its fills have overpaid by rounding so far. */
  readonly accumulator: MicroDollars;
}

/** Matches the member's orders with books. What the makers do to the books is `makersFeed`. */
export interface KalshiMatching {
  readonly market: (ticker: string) => MemberMarket | undefined;
  readonly markets: () => readonly MemberMarket[];
  /** The market of a contract, which begins without a book. */
  readonly list: (contract: EmulatedContract) => MemberMarket;
  /** Forgets a market that has settled. */
  readonly unlist: (ticker: string) => void;
  readonly order: (orderId: string) => HeldOrder | undefined;
  /** Oldest first. */
  readonly orders: () => readonly HeldOrder[];
  /** Oldest first. */
  readonly resting: () => readonly HeldOrder[];
  /**
   * Matches an order at once. The rest of it goes into the book if `mayRest`, else it is cancelled. The order
   * must not be in a book yet.
   */
  readonly place: (held: HeldOrder, mayRest: boolean, out: KalshiOutput[]) => HeldOrder;
  /** Removes a resting order from its book, so that it can be placed again. */
  readonly lift: (held: HeldOrder, out: KalshiOutput[]) => void;
  /** Cancels a resting order; undefined if there is none. */
  readonly cancel: (orderId: string, out: KalshiOutput[]) => HeldOrder | undefined;
  /** Cancels every resting order that `which` picks. */
  readonly cancelAll: (which: (order: KalshiOrderView) => boolean, out: KalshiOutput[]) => void;
  /** Books the matches of resting orders with arriving makers or takers. */
  readonly meet: (market: MemberMarket, hits: readonly Hit[], out: KalshiOutput[]) => void;
  /** Reduces a resting order to `remaining`; it keeps its place in the queue. */
  readonly reduce: (held: HeldOrder, remaining: number, out: KalshiOutput[]) => HeldOrder;
}

const other = (side: 'bid' | 'ask'): 'bid' | 'ask' => (side === 'bid' ? 'ask' : 'bid');

/**
 * Matches one member's orders, of all subaccounts, against the generated makers. Every fill is published to the public (trade,
 * delta, ticker) and to the member.
 */
export function kalshiMatching(
  accounts: KalshiAccounts,
  groups: OrderGroups,
  now: () => Micros,
): KalshiMatching {
  const markets = new Map<string, MemberMarket>();
  const orders = new Map<string, HeldOrder>();
  const resting = new Set<string>();
  let trades = 0;

  const list = (contract: EmulatedContract): MemberMarket => {
    const known = markets.get(contract.ticker);
    if (known) return known;
    const market = memberMarket(contract, now);
    markets.set(contract.ticker, market);
    return market;
  };
  const put = (held: HeldOrder, change: Partial<KalshiOrderView>, out: KalshiOutput[]): HeldOrder => {
    const at = now();
    const next = { ...held, view: { ...held.view, ...change, updatedAt: at } };
    orders.set(next.view.orderId, next);
    if (next.view.status !== 'resting') resting.delete(next.view.orderId);
    out.push({ kind: 'userOrder', at, order: next.view });
    return next;
  };
  const lift = ({ view }: HeldOrder, out: KalshiOutput[]): void => {
    const market = markets.get(view.ticker);
    market?.overlay.keep(view.orderId, 0);
    market?.delta(view.side, view.ticks, -view.remaining, out);
  };
  const cancel = (orderId: string, out: KalshiOutput[]): HeldOrder | undefined => {
    const held = orders.get(orderId);
    if (!held || !resting.has(orderId)) return undefined;
    lift(held, out);
    const next = put(held, { status: 'canceled', remaining: 0 }, out);
    markets.get(held.view.ticker)?.ticker(out);
    return next;
  };
  /** Books and publishes one match of one order. `afterMatches` then applies its group's limit. */
  const match = (
    held: HeldOrder,
    market: MemberMarket,
    role: 'taker' | 'maker',
    { ticks, count }: KalshiLevel,
    out: KalshiOutput[],
  ): HeldOrder => {
    const { view } = held;
    const { side, orderId, clientOrderId } = view;
    const tradeId = `0f11f111-0000-4000-8000-${(++trades).toString(16).padStart(12, '0')}`;
    const hitSide = role === 'maker' ? side : other(side);
    market.trade(tradeId, other(hitSide), { ticks, count }, out);
    market.delta(hitSide, ticks, -count, out);
    const { fee, cost, accumulator } = accounts.of(view.subaccount).fill(
      {
        tradeId,
        orderId,
        clientOrderId,
        contract: market.contract(),
        side,
        ticks,
        count,
        role,
        accumulator: held.accumulator,
        at: now(),
      },
      out,
    );
    const remaining = view.remaining - count;
    return put(
      { ...held, accumulator },
      {
        filled: view.filled + count,
        remaining,
        ...(remaining === 0 && { status: 'executed' }),
        ...(role === 'taker'
          ? {
              takerCostMicroDollars: view.takerCostMicroDollars + cost,
              takerFeesMicroDollars: view.takerFeesMicroDollars + fee,
            }
          : {
              makerCostMicroDollars: view.makerCostMicroDollars + cost,
              makerFeesMicroDollars: view.makerFeesMicroDollars + fee,
            }),
      },
      out,
    );
  };
  const cancelAll = (which: (order: KalshiOrderView) => boolean, out: KalshiOutput[]): void => {
    for (const orderId of [...resting]) {
      const held = orders.get(orderId);
      if (held && which(held.view)) cancel(orderId, out);
    }
  };
  const afterMatches = (counts: ReadonlyMap<string, number>, out: KalshiOutput[]): void => {
    for (const [groupId, count] of counts) {
      if (groups.matched(groupId, count, now(), out)) cancelAll((view) => view.groupId === groupId, out);
    }
  };
  const meet = (market: MemberMarket, hits: readonly Hit[], out: KalshiOutput[]): void => {
    if (hits.length === 0) return;
    const byGroup = new Map<string, number>();
    for (const hit of hits) {
      const held = orders.get(hit.orderId);
      if (!held) throw new Error(`kalshiMatching: an order that rests must be known, was ${hit.orderId}`);
      match(held, market, 'maker', hit, out);
      const { groupId } = held.view;
      if (groupId !== undefined) byGroup.set(groupId, (byGroup.get(groupId) ?? 0) + hit.count);
    }
    afterMatches(byGroup, out);
    market.ticker(out);
  };
  return {
    market: (ticker) => markets.get(ticker),
    markets: () => [...markets.values()],
    list,
    unlist: (ticker) => {
      markets.delete(ticker);
    },
    order: (orderId) => orders.get(orderId),
    orders: () => [...orders.values()],
    resting: () => [...resting].flatMap((orderId) => orders.get(orderId) ?? []),
    lift,
    cancel,
    cancelAll,
    meet,
    reduce: (held, remaining, out) => {
      const { orderId, ticker, side, ticks } = held.view;
      const market = markets.get(ticker);
      market?.overlay.keep(orderId, remaining);
      market?.delta(side, ticks, remaining - held.view.remaining, out);
      const next = put(held, { remaining }, out);
      market?.ticker(out);
      return next;
    },
    place: (held, mayRest, out) => {
      const { orderId, ticker, side, ticks, remaining, groupId } = held.view;
      const market = markets.get(ticker);
      if (!market) throw new Error(`kalshiMatching: the market of an order must be known, was ${ticker}`);
      const plan = market.overlay.plan(side, ticks, remaining, held.prevention);
      for (const own of plan.ownCancelled) cancel(own, out);
      market.overlay.take(side, plan.fills);
      let next = held;
      for (const fill of plan.fills) next = match(next, market, 'taker', fill, out);
      if (next.view.remaining > 0 && mayRest && !plan.stopped) {
        market.overlay.rest(next.view);
        resting.add(orderId);
        market.delta(side, ticks, next.view.remaining, out);
        next = put(next, {}, out);
      } else if (next.view.remaining > 0) next = put(next, { status: 'canceled', remaining: 0 }, out);
      if (groupId !== undefined && plan.filled > 0) afterMatches(new Map([[groupId, plan.filled]]), out);
      market.ticker(out);
      return orders.get(orderId) ?? next;
    },
  };
}
