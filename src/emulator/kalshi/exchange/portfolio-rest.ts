import { type Micros, SECOND } from '../../../domain/time.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { fixedPointText, microDollarText } from '../public/text.ts';
import type { KalshiAccount } from './account.ts';
import type { KalshiMatching } from './matching.ts';
import type { OrderGroups } from './order-groups.ts';
import { fillObject, isoText, orderObject, settlementObject } from './portfolio-objects.ts';
import { jsonAnswer, refusals } from './refusal.ts';

const USUAL = 100;
const MOST = 1_000;
const DOLLAR_TICKS = 10_000;

const eventOf = (ticker: string): string => ticker.split('-').slice(0, 2).join('-');

/** The parts that portfolio reads need. */
export interface PortfolioRestParts {
  readonly account: KalshiAccount;
  readonly groups: OrderGroups;
  readonly matching: KalshiMatching;
  readonly collateralHeld: () => number;
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

/**
 * `GET /portfolio/…` (docs.kalshi.com/api-reference/portfolio) with the keys recorded on 11 June 2026. `path`
 * is below `/trade-api/v2`; undefined for other paths. Reads are never delayed here, unlike on the exchange.
 */
export function kalshiPortfolioRest({
  account,
  groups,
  matching,
  collateralHeld,
  homeShard,
  now,
}: PortfolioRestParts): (path: string) => EmulatedAnswer | undefined {
  /** Value of open contracts at the middle of their books; the exchange's own rule is not documented. */
  const portfolioValue = (): number =>
    account.positions().reduce((sum, [contract, { position }]) => {
      const overlay = matching.market(contract.ticker)?.overlay;
      const bid = overlay?.shown('bid').at(-1)?.ticks ?? 0;
      const ask = overlay?.shown('ask')[0]?.ticks ?? DOLLAR_TICKS;
      const middle = (bid + ask) / 2;
      return sum + (position > 0 ? position * middle : -position * (DOLLAR_TICKS - middle));
    }, 0);
  const balance = (): EmulatedAnswer => {
    const available = account.cash() - collateralHeld();
    const dollars = (available / 1e6).toFixed(4);
    return jsonAnswer({
      balance: Math.floor(available / 10_000),
      balance_breakdown: [{ balance: dollars, exchange_index: homeShard }],
      balance_dollars: dollars,
      portfolio_value: Math.floor(portfolioValue() / 10_000),
      updated_ts: Math.floor(now() / SECOND),
    });
  };
  const positions = (query: URLSearchParams): EmulatedAnswer => {
    const rows = account
      .positions()
      .filter(
        ([{ ticker, event }]) =>
          (query.get('ticker') ?? ticker) === ticker && (query.get('event_ticker') ?? event) === event,
      );
    const events = [...new Set(rows.map(([{ event }]) => event))].map((event) => {
      const own = rows.filter(([contract]) => contract.event === event).map(([, at]) => at);
      const sum = (pick: (at: (typeof own)[number]) => number) =>
        own.reduce((total, at) => total + pick(at), 0);
      return {
        event_exposure_dollars: microDollarText(sum((at) => at.cost)),
        event_ticker: event,
        fees_paid_dollars: microDollarText(sum((at) => at.fees)),
        realized_pnl_dollars: microDollarText(sum((at) => at.realised)),
        total_cost_dollars: microDollarText(sum((at) => at.traded)),
        total_cost_shares_fp: fixedPointText(sum((at) => at.volume)),
      };
    });
    const markets = rows.map(([{ ticker, exchangeIndex }, at]) => ({
      exchange_index: exchangeIndex,
      fees_paid_dollars: microDollarText(at.fees),
      last_updated_ts: isoText(at.updatedAt),
      market_exposure_dollars: microDollarText(at.cost),
      position_fp: fixedPointText(at.position),
      realized_pnl_dollars: microDollarText(at.realised),
      resting_orders_count: matching.resting().filter(({ view }) => view.ticker === ticker).length,
      ticker,
      total_traded_dollars: microDollarText(at.traded),
    }));
    return jsonAnswer({ cursor: '', event_positions: events, market_positions: markets });
  };
  const within = (query: URLSearchParams, at: Micros): boolean =>
    at >= Number(query.get('min_ts') ?? 0) * SECOND &&
    at <= Number(query.get('max_ts') ?? Number.MAX_SAFE_INTEGER) * SECOND;
  const queuePosition = (orderId: string): number | undefined => {
    const view = matching.order(orderId)?.view;
    return view && matching.market(view.ticker)?.overlay.resting(orderId)?.ahead;
  };
  const orders = (query: URLSearchParams): EmulatedAnswer => {
    const events = query.get('event_ticker')?.split(',');
    const rows = matching
      .orders()
      .filter(
        ({ view }) =>
          (query.get('ticker') ?? view.ticker) === view.ticker &&
          (query.get('status') ?? view.status) === view.status &&
          (events?.includes(eventOf(view.ticker)) ?? true) &&
          within(query, view.createdAt),
      )
      .reverse();
    return page('orders', rows, query, orderObject);
  };
  const queuePositions = (query: URLSearchParams): EmulatedAnswer => {
    const tickers = query.get('market_tickers')?.split(',');
    const event = query.get('event_ticker');
    return jsonAnswer({
      queue_positions: matching
        .resting()
        .filter(
          ({ view }) =>
            (tickers?.includes(view.ticker) ?? true) && (event === null || eventOf(view.ticker) === event),
        )
        .map(({ view }) => ({
          order_id: view.orderId,
          market_ticker: view.ticker,
          queue_position_fp: fixedPointText(queuePosition(view.orderId) ?? 0),
        })),
    });
  };
  const groupObject = (id: string) => {
    const group = groups.get(id);
    if (!group) return undefined;
    return {
      is_auto_cancel_enabled: !group.triggered,
      contracts_limit_fp: fixedPointText(group.limit),
      exchange_index: group.exchangeIndex,
    };
  };

  return (path) => {
    const url = new URL(path, 'http://kalshi');
    const query = url.searchParams;
    const [room = '', name, id, rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    if (room === 'exchange' && name === 'user_data_timestamp')
      return jsonAnswer({ as_of_time: isoText(now()) });
    if (room !== 'portfolio') return undefined;
    switch (name) {
      case 'balance':
        return balance();
      case 'positions':
        return positions(query);
      case 'fills':
        return page(
          'fills',
          account
            .fills()
            .filter(
              (row) =>
                (query.get('ticker') ?? row.ticker) === row.ticker &&
                (query.get('order_id') ?? row.orderId) === row.orderId &&
                within(query, row.at),
            )
            .reverse(),
          query,
          fillObject,
        );
      case 'settlements':
        return page(
          'settlements',
          account
            .settlements()
            .filter(
              ({ contract, at }) =>
                (query.get('ticker') ?? contract.ticker) === contract.ticker && within(query, at),
            )
            .reverse(),
          query,
          settlementObject,
        );
      case 'orders': {
        if (id === undefined) return orders(query);
        if (id === 'queue_positions') return queuePositions(query);
        const held = matching.order(id);
        if (!held) return refusals.notFound();
        if (rest === undefined) return jsonAnswer({ order: orderObject(held) });
        const ahead = queuePosition(id);
        if (rest !== 'queue_position' || ahead === undefined) return refusals.notFound();
        return jsonAnswer({ queue_position_fp: fixedPointText(ahead) });
      }
      case 'order_groups': {
        if (id === undefined)
          return jsonAnswer({
            order_groups: groups.list().map((group) => ({ id: group.id, ...groupObject(group.id) })),
          });
        const group = groupObject(id);
        if (!group) return refusals.notFound();
        const members = matching.resting().filter(({ view }) => view.groupId === id);
        return jsonAnswer({ ...group, orders: members.map(({ view }) => view.orderId) });
      }
      default:
        return undefined;
    }
  };
}
