import type { EmulatedAnswer, EmulatedTimes } from '../../transport/emulated-venue.ts';
import { kalshiAccounts } from './accounts.ts';
import { cashMoves } from './cash-moves.ts';
import { kalshiFunds } from './funds.ts';
import { groupRoutes } from './group-routes.ts';
import { kalshiHalts } from './halts.ts';
import { makersFeed } from './makers-feed.ts';
import { kalshiMatching } from './matching.ts';
import { type GroupTrigger, orderGroups } from './order-groups.ts';
import { readJson } from './order-request.ts';
import { orderRoutes } from './order-routes.ts';
import type { KalshiExchange, KalshiOutput, KalshiTrouble } from './port.ts';
import { portfolioReplicas } from './portfolio-replicas.ts';
import { kalshiPortfolioRest } from './portfolio-rest.ts';
import type { PortfolioView } from './portfolio-view.ts';
import { refusals } from './refusal.ts';
import { readRoute } from './routing.ts';
import { settlementReview } from './settlement-review.ts';
import { subaccountTransfer } from './subaccount-transfer.ts';

const ROOT = '/trade-api/v2';
/** $10,000 of play money, in $0.000001. */
const OPENING = 10_000_000_000;

/** The initial state of the exchange. */
export interface ExchangeOptions {
  /** The member's money in $0.000001. */
  readonly opening?: number;
  /** Shard under which the account's only balance is listed. */
  readonly homeShard: number;
  /** When order groups trigger; `hit` if left out. */
  readonly groupTrigger?: GroupTrigger;
  /** False has no weekly pause on Thursdays. */
  readonly weeklyPause?: boolean;
  /** Age of every portfolio read, in microseconds of the market's time. */
  readonly readLag?: number;
}

/**
 * Kalshi's exchange for one member: order entry V2, order groups and portfolio, matched against the generated
 * makers. It needs the venue's times. Its state is a function of the actions of the makers and the member,
 * and of the troubles that strike it.
 */
export function kalshiExchange(
  { now }: EmulatedTimes,
  { opening = OPENING, homeShard, groupTrigger = 'hit', weeklyPause = true, readLag = 0 }: ExchangeOptions,
): KalshiExchange {
  let attested = true;
  const accounts = kalshiAccounts(opening);
  const groups = orderGroups(groupTrigger);
  const halts = kalshiHalts(now, weeklyPause);
  const matching = kalshiMatching(accounts, groups, now);
  const feed = makersFeed({ accounts, matching, halts, now });
  const funds = kalshiFunds(accounts, matching);
  const moves = cashMoves(accounts, funds);
  const review = settlementReview();
  const orders = orderRoutes({
    accounts,
    groups,
    matching,
    funds,
    halts,
    now,
    attested: () => attested,
    clientIds: new Set(),
  });
  const group = groupRoutes(groups, matching, now);

  const view = (): PortfolioView => ({
    at: now(),
    subaccounts: new Map(
      accounts
        .all()
        .map(([number, account]) => [
          number,
          { cash: account.cash(), held: funds.held(number), positions: account.positions() },
        ]),
    ),
    orders: matching.orders(),
    fills: [...accounts.fills()],
    settlements: [...accounts.settlements()],
    groups: groups.list(),
    moves: moves.list(),
  });
  const replicas = portfolioReplicas(view, now);
  replicas.lag(readLag, false);
  const read = kalshiPortfolioRest({ replicas, matching, homeShard, now });

  /** Ends and takes up again what pauses have changed since the last call. */
  const pause = (out: KalshiOutput[]): void => {
    const { trading, markets } = halts.changes();
    for (const { ticker, paused } of markets) {
      const contract = matching.market(ticker)?.contract();
      if (contract) out.push({ kind: 'halted', at: now(), contract, paused });
      if (paused) matching.cancelAll((order) => order.ticker === ticker && order.cancelOnPause, out);
      else feed.resume(ticker, out);
    }
    if (trading === 'paused') matching.cancelAll((order) => order.cancelOnPause, out);
    if (trading !== 'resumed') return;
    for (const market of matching.markets()) {
      const { ticker } = market.contract();
      if (!halts.paused(ticker)) feed.resume(ticker, out);
    }
  };
  const tick = (out: KalshiOutput[]): void => {
    const at = now();
    const before = out.length;
    pause(out);
    matching.cancelAll(({ ticker, expiresAt }) => {
      const closeAt = matching.market(ticker)?.contract().closeAt ?? at;
      return closeAt <= at || (expiresAt !== undefined && expiresAt <= at);
    }, out);
    orders.tick(out);
    for (const emission of review.due(at)) feed.hear(emission, out);
    if (moves.apply(at) || out.length > before) replicas.record();
  };
  const change = (
    method: string,
    path: string,
    body: string,
    out: KalshiOutput[],
  ): EmulatedAnswer | undefined => {
    const url = new URL(path, 'http://kalshi');
    const [room, name, id, ...rest] = url.pathname.slice(1).split('/');
    if (room !== 'portfolio') return undefined;
    const old = name === 'orders';
    const known = old || name === 'order_groups' || (name === 'events' && id === 'orders');
    const transfers = name === 'subaccounts' && id === 'transfer' && rest.length === 0 && method === 'POST';
    if (!known && !transfers) return undefined;
    if (old) return refusals.gone();
    if (!halts.status().exchangeActive) return refusals.exchangePaused();
    const query = readRoute(url.searchParams);
    if ('refusal' in query) return query.refusal;
    const json = readJson(body);
    if ('refusal' in json) return json.refusal;
    if (transfers) return subaccountTransfer(json.json, moves, now());
    if (name === 'events') return orders.call({ method, path: rest, query, json: json.json }, out);
    const below = id === undefined ? [] : [id, ...rest];
    return group({ method, path: below, query, json: json.json }, out);
  };
  const strike = (trouble: KalshiTrouble): void => {
    switch (trouble.kind) {
      case 'tradingPause':
        halts.setTrading(!trouble.on);
        return;
      case 'exchangePause':
        halts.setExchange(!trouble.on);
        return;
      case 'marketHalt':
        halts.setMarket(trouble.ticker, !trouble.on);
        return;
      case 'dispute':
        review.arm(trouble);
        return;
      case 'readLag':
        replicas.lag(trouble.lag, trouble.contradict);
        return;
      case 'wrongOrder':
        orders.misdescribe(trouble.count);
        return;
      case 'deposit':
      case 'withdrawal':
        moves.announce(trouble.kind, trouble.cents, trouble.span, now());
        return;
      case 'attestationLapse':
        attested = !trouble.on;
        return;
      case 'cancelAllTail':
        orders.tail(trouble.on);
        return;
    }
  };

  return {
    market: (emission) => {
      const out: KalshiOutput[] = [];
      pause(out);
      const heard = out.length;
      for (const each of review.hear(emission)) feed.hear(each, out);
      const told = out.slice(heard).some(({ kind }) => kind === 'userOrder' || kind === 'settled');
      if (heard > 0 || told) replicas.record();
      return out;
    },
    http: ({ method, path, body }, out) => {
      pause(out);
      const below = path.slice(ROOT.length);
      if (method === 'GET') return read(below);
      const answer = change(method, below, body, out);
      replicas.record();
      return answer;
    },
    tick,
    strike,
    status: halts.status,
  };
}
