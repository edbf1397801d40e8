import type { MicroDollars } from '../../../domain/money.ts';
import type { Micros } from '../../../domain/time.ts';
import type { EmulatedContract } from '../public/contract.ts';
import type { KalshiEmission, KalshiLevel } from '../public/emission.ts';
import type { KalshiAccount } from './account.ts';
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

/** Matches orders with books: the makers' changes, and the member's orders. */
export interface KalshiMatching {
  readonly market: (ticker: string) => MemberMarket | undefined;
  /** Receives an action of the makers, and adds the public outputs, which include the member's orders. */
  readonly hear: (emission: KalshiEmission, out: KalshiOutput[]) => void;
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
  /** Reduces a resting order to `remaining`; it keeps its place in the queue. */
  readonly reduce: (held: HeldOrder, remaining: number, out: KalshiOutput[]) => HeldOrder;
}

const other = (side: 'bid' | 'ask'): 'bid' | 'ask' => (side === 'bid' ? 'ask' : 'bid');

/**
 * Matches one member's orders against the generated makers. Every fill is published to the public (trade,
 * delta, ticker) and to the member.
 */
export function kalshiMatching(
  account: KalshiAccount,
  groups: OrderGroups,
  now: () => Micros,
): KalshiMatching {
  const markets = new Map<string, MemberMarket>();
  const orders = new Map<string, HeldOrder>();
  const resting = new Set<string>();
  const results = new Map<string, 'yes' | 'no'>();
  let trades = 0;

  const of = (contract: EmulatedContract): MemberMarket => {
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
    const { fee, cost, accumulator } = account.fill(
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
  const afterMatches = (counts: ReadonlyMap<string, number>, out: KalshiOutput[]): void => {
    for (const [groupId, count] of counts) {
      if (!groups.matched(groupId, count, now(), out)) continue;
      for (const orderId of [...resting])
        if (orders.get(orderId)?.view.groupId === groupId) cancel(orderId, out);
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
  const end = (ticker: string, out: KalshiOutput[]): void => {
    for (const orderId of [...resting]) if (orders.get(orderId)?.view.ticker === ticker) cancel(orderId, out);
  };

  return {
    market: (ticker) => markets.get(ticker),
    order: (orderId) => orders.get(orderId),
    orders: () => [...orders.values()],
    resting: () => [...resting].flatMap((orderId) => orders.get(orderId) ?? []),
    lift,
    cancel,
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
    hear: (emission, out) => {
      if (!('contract' in emission)) {
        out.push(emission);
        return;
      }
      const market = of(emission.contract);
      switch (emission.kind) {
        case 'snapshot': {
          market.open();
          if (now() >= market.contract().closeAt) end(emission.contract.ticker, out);
          meet(market, market.overlay.load(emission.bids, emission.asks), out);
          out.push({ ...emission, bids: market.overlay.shown('bid'), asks: market.overlay.shown('ask') });
          return;
        }
        case 'delta': {
          const { side, ticks, change } = emission;
          const { shown, hits } = market.overlay.change(side, ticks, change);
          meet(market, hits, out);
          if (shown === change) out.push(emission);
          else market.delta(side, ticks, shown, out);
          return;
        }
        case 'trade': {
          const { count, hits } = market.overlay.trade(emission.taker, emission.ticks, emission.count);
          meet(market, hits, out);
          market.makersTrade(emission, count, out);
          return;
        }
        case 'ticker':
          market.makersTicker(emission, out);
          return;
        case 'determined':
          results.set(emission.contract.ticker, emission.result);
          out.push(emission);
          return;
        case 'settled': {
          const { ticker } = emission.contract;
          end(ticker, out);
          const result = results.get(ticker);
          if (result) account.settle(emission.contract, result, now());
          results.delete(ticker);
          markets.delete(ticker);
          out.push(emission);
          return;
        }
        default:
          market.rename(emission.contract);
          out.push(emission);
      }
    },
  };
}
