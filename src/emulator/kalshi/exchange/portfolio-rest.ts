import { type Micros, SECOND } from '../../../domain/time.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { fixedPointText, microDollarText } from '../public/text.ts';
import type { KalshiMatching } from './matching.ts';
import { cashMoveObject, fillObject, isoText, orderObject, settlementObject } from './portfolio-objects.ts';
import type { PortfolioReplicas } from './portfolio-replicas.ts';
import type { PortfolioView, SubaccountView } from './portfolio-view.ts';
import { queuePositions } from './queue-positions.ts';
import { jsonAnswer, refusals } from './refusal.ts';
import { type RouteQuery, readRoute } from './routing.ts';

const USUAL = 100;
const MOST = 1_000;
const DOLLAR_TICKS = 10_000;

const eventOf = (ticker: string): string => ticker.split('-').slice(0, 2).join('-');
const dollarsOf = (microDollars: number): string => (microDollars / 1e6).toFixed(4);
const NOBODY: SubaccountView = { cash: 0, held: 0, positions: [] };

/** The parts that portfolio reads need. */
export interface PortfolioRestParts {
  readonly replicas: PortfolioReplicas;
  readonly matching: KalshiMatching;
  /** Shard under which the account's only balance is listed. */
  readonly homeShard: number;
  readonly now: () => Micros;
}

/** A page of rows by `limit` and `cursor`; an invalid cursor starts from the beginning, as recorded. */
function page<T>(
  name: string,
  rows: readonly T[],
  query: URLSearchParams,
  object: (row: T) => unknown,
): EmulatedAnswer {
  const limit = Number(query.get('limit') ?? USUAL);
  if (!(limit >= 1 && limit <= MOST))
    return jsonAnswer({ msg: "Parameter validation failed: Field validation for 'Limit' failed" }, 400);
  const offset = Number(/^o(\d+)$/.exec(query.get('cursor') ?? '')?.[1] ?? 0);
  const next = offset + limit < rows.length ? `o${offset + limit}` : '';
  return jsonAnswer({ cursor: next, [name]: rows.slice(offset, offset + limit).map(object) });
}

const within = (query: URLSearchParams, at: Micros): boolean =>
  at >= Number(query.get('min_ts') ?? 0) * SECOND &&
  at <= Number(query.get('max_ts') ?? Number.MAX_SAFE_INTEGER) * SECOND;

/** Whether a row is of the subaccount and the shard that were asked for; left out, every one is. */
const of =
  ({ subaccount, exchange_index: shard }: RouteQuery) =>
  (row: { readonly subaccount: number; readonly exchangeIndex: number }): boolean =>
    (subaccount ?? row.subaccount) === row.subaccount && (shard ?? row.exchangeIndex) === row.exchangeIndex;

/**
 * `GET /portfolio/…` (docs.kalshi.com/api-reference/portfolio) with the keys recorded on 11 June 2026. `path`
 * is below `/trade-api/v2`; undefined for other paths. Left out, `subaccount` means all of them for orders,
 * fills, settlements and groups, and 0 for balance, positions and queue positions.
 * Queue positions are read from the book and never lag.
 */
export function kalshiPortfolioRest({
  replicas,
  matching,
  homeShard,
  now,
}: PortfolioRestParts): (path: string) => EmulatedAnswer | undefined {
  /** Value of open contracts at the middle of their books; the exchange's own rule is not documented. */
  const portfolioValue = (positions: SubaccountView['positions']): number =>
    positions.reduce((sum, [contract, { position }]) => {
      const overlay = matching.market(contract.ticker)?.overlay;
      const bid = overlay?.shown('bid').at(-1)?.ticks ?? 0;
      const ask = overlay?.shown('ask')[0]?.ticks ?? DOLLAR_TICKS;
      const middle = (bid + ask) / 2;
      return sum + Math.abs(position) * (position > 0 ? middle : DOLLAR_TICKS - middle);
    }, 0);
  const balance = (
    { subaccounts }: PortfolioView,
    { subaccount = 0, exchange_index: shard = homeShard }: RouteQuery,
  ): EmulatedAnswer => {
    const { cash, held, positions } = (shard === homeShard && subaccounts.get(subaccount)) || NOBODY;
    const free = cash - held;
    return jsonAnswer({
      balance: Math.floor(free / 10_000),
      balance_breakdown: [{ balance: dollarsOf(free), exchange_index: shard }],
      balance_dollars: dollarsOf(free),
      portfolio_value: Math.floor(portfolioValue(positions) / 10_000),
      updated_ts: Math.floor(now() / SECOND),
    });
  };
  const positions = (
    view: PortfolioView,
    query: URLSearchParams,
    { subaccount = 0, exchange_index: shard }: RouteQuery,
  ): EmulatedAnswer => {
    const rows = (view.subaccounts.get(subaccount) ?? NOBODY).positions.filter(
      ([{ ticker, event, exchangeIndex }]) =>
        (query.get('ticker') ?? ticker) === ticker &&
        (query.get('event_ticker') ?? event) === event &&
        (shard ?? exchangeIndex) === exchangeIndex,
    );
    const events = [...new Set(rows.map(([{ event }]) => event))].map((event) => {
      const inIt = rows.filter(([contract]) => contract.event === event).map(([, at]) => at);
      const sum = (pick: (at: (typeof inIt)[number]) => number): number =>
        inIt.reduce((total, at) => total + pick(at), 0);
      return {
        event_exposure_dollars: microDollarText(sum((at) => at.cost)),
        event_ticker: event,
        fees_paid_dollars: microDollarText(sum((at) => at.fees)),
        realized_pnl_dollars: microDollarText(sum((at) => at.realised)),
        total_cost_dollars: microDollarText(sum((at) => at.traded)),
        total_cost_shares_fp: fixedPointText(sum((at) => at.volume)),
      };
    });
    const resting = (ticker: string): number =>
      view.orders.filter(
        ({ view: order }) =>
          order.status === 'resting' && order.ticker === ticker && order.subaccount === subaccount,
      ).length;
    const markets = rows.map(([{ ticker, exchangeIndex }, at]) => ({
      exchange_index: exchangeIndex,
      fees_paid_dollars: microDollarText(at.fees),
      last_updated_ts: isoText(at.updatedAt),
      market_exposure_dollars: microDollarText(at.cost),
      position_fp: fixedPointText(at.position),
      realized_pnl_dollars: microDollarText(at.realised),
      resting_orders_count: resting(ticker),
      ticker,
      total_traded_dollars: microDollarText(at.traded),
    }));
    return jsonAnswer({ cursor: '', event_positions: events, market_positions: markets });
  };
  const orders = (view: PortfolioView, query: URLSearchParams, route: RouteQuery): EmulatedAnswer => {
    const events = query.get('event_ticker')?.split(',');
    const mine = of(route);
    const rows = view.orders
      .filter(
        ({ view: order }) =>
          mine(order) &&
          (query.get('ticker') ?? order.ticker) === order.ticker &&
          (query.get('status') ?? order.status) === order.status &&
          (events?.includes(eventOf(order.ticker)) ?? true) &&
          within(query, order.createdAt),
      )
      .reverse();
    return page('orders', rows, query, orderObject);
  };
  const groups = (
    { groups: all, orders: held }: PortfolioView,
    id: string | undefined,
    route: RouteQuery,
  ) => {
    const object = (group: (typeof all)[number]) => ({
      is_auto_cancel_enabled: !group.triggered,
      contracts_limit_fp: fixedPointText(group.limit),
      exchange_index: group.exchangeIndex,
    });
    if (id === undefined)
      return jsonAnswer({
        order_groups: all.filter(of(route)).map((group) => ({ id: group.id, ...object(group) })),
      });
    const mine = of(route);
    const group = all.find((each) => each.id === id && mine(each));
    if (!group) return refusals.notFound();
    const members = held.filter(({ view }) => view.groupId === id && view.status === 'resting');
    return jsonAnswer({ ...object(group), orders: members.map(({ view }) => view.orderId) });
  };
  const moves = (view: PortfolioView, kind: 'deposit' | 'withdrawal', query: URLSearchParams) =>
    page(`${kind}s`, view.moves.filter((move) => move.kind === kind).reverse(), query, cashMoveObject);
  const balances = ({ subaccounts }: PortfolioView): EmulatedAnswer =>
    jsonAnswer({
      subaccount_balances: [...subaccounts].map(([subaccount, { cash, held }]) => ({
        subaccount_number: subaccount,
        exchange_index: homeShard,
        balance: dollarsOf(cash - held),
        updated_ts: Math.floor(now() / SECOND),
      })),
    });

  /** Lists and single reads of one part, by the rest of the path. */
  const part = (
    name: string | undefined,
    rest: readonly string[],
    query: URLSearchParams,
    route: RouteQuery,
  ): EmulatedAnswer | undefined => {
    const [id, last] = rest;
    const whole = rest.length === 0;
    switch (name) {
      case 'balance':
        return whole ? balance(replicas.read(), route) : undefined;
      case 'positions':
        return whole ? positions(replicas.read(), query, route) : undefined;
      case 'fills': {
        if (!whole) return undefined;
        const rows = replicas
          .read()
          .fills.filter(of(route))
          .filter(
            (row) =>
              (query.get('ticker') ?? row.ticker) === row.ticker &&
              (query.get('order_id') ?? row.orderId) === row.orderId &&
              within(query, row.at),
          );
        return page('fills', rows.reverse(), query, fillObject);
      }
      case 'settlements': {
        if (!whole) return undefined;
        const mine = of(route);
        const rows = replicas
          .read()
          .settlements.filter(
            ({ contract, subaccount, at }) =>
              mine({ subaccount, exchangeIndex: contract.exchangeIndex }) &&
              (query.get('ticker') ?? contract.ticker) === contract.ticker &&
              within(query, at),
          );
        return page('settlements', rows.reverse(), query, settlementObject);
      }
      case 'deposits':
        return whole ? moves(replicas.read(), 'deposit', query) : undefined;
      case 'withdrawals':
        return whole ? moves(replicas.read(), 'withdrawal', query) : undefined;
      case 'subaccounts':
        return id === 'balances' && rest.length === 1 ? balances(replicas.read()) : undefined;
      case 'orders': {
        if (whole) return orders(replicas.read(), query, route);
        if (rest.length > 2 || (last !== undefined && last !== 'queue_position')) return undefined;
        if (id === 'queue_positions' || last !== undefined)
          return queuePositions(matching, last === undefined ? undefined : id, query, route);
        const held = replicas.read().orders.find(({ view }) => view.orderId === id);
        return held ? jsonAnswer({ order: orderObject(held) }) : refusals.notFound();
      }
      case 'order_groups':
        return rest.length > 1 ? undefined : groups(replicas.read(), id, route);
      default:
        return undefined;
    }
  };

  return (path) => {
    const url = new URL(path, 'http://kalshi');
    const [room, name, ...rest] = url.pathname.slice(1).split('/');
    if (room === 'exchange' && name === 'user_data_timestamp' && rest.length === 0)
      return jsonAnswer({ as_of_time: isoText(replicas.asOf()) });
    if (room !== 'portfolio') return undefined;
    const route = readRoute(url.searchParams);
    return 'refusal' in route ? route.refusal : part(name, rest, url.searchParams, route);
  };
}
