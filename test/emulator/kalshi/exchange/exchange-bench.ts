import { priceTicks } from '../../../../src/domain/money.ts';
import { HOUR, MINUTE, type Micros } from '../../../../src/domain/time.ts';
import { type ExchangeOptions, kalshiExchange } from '../../../../src/emulator/kalshi/exchange/exchange.ts';
import type { KalshiOutput } from '../../../../src/emulator/kalshi/exchange/port.ts';
import type { EmulatedContract } from '../../../../src/emulator/kalshi/public/contract.ts';
import type { KalshiEmission } from '../../../../src/emulator/kalshi/public/emission.ts';
import { kalshiPublic } from '../../../../src/emulator/kalshi/public/state.ts';

/** When every exchange bench begins. */
export const START: Micros = Date.parse('2026-09-25T12:00:00Z') * 1_000;

/** A contract around even odds, in cents, an hour long. */
export const CONTRACT: EmulatedContract = {
  ticker: 'KXBTCD-26SEP2509-T84099.99',
  series: 'KXBTCD',
  kind: 'above',
  asset: 'BTC',
  indexDecimals: 2,
  event: 'KXBTCD-26SEP2509',
  strikeType: 'greater',
  floorUnits: 8_409_999,
  capUnits: undefined,
  openAt: START,
  closeAt: START + HOUR,
  tickBands: [{ startTicks: priceTicks(0), endTicks: priceTicks(10_000), stepTicks: priceTicks(100) }],
  exchangeIndex: 2,
  fee: { kind: 'quadratic', multiplier: 1 },
  marketId: '00000000-0000-4000-8000-000000000099',
  structure: 'linear_cent',
  title: '',
  subTitle: '',
};

const isPrivate = ({ kind }: KalshiOutput): boolean =>
  kind === 'fill' || kind === 'userOrder' || kind === 'marketPosition' || kind === 'orderGroup';

/** An exchange of one market, with the public that hears it. Prices are cents, counts contracts. */
export function exchangeBench(
  openingDollars = 10_000,
  { startAt = START, ...options }: Partial<ExchangeOptions> & { readonly startAt?: Micros } = {},
) {
  const contract: EmulatedContract = { ...CONTRACT, openAt: startAt, closeAt: startAt + HOUR };
  let at = startAt;
  let ids = 0;
  const exchange = kalshiExchange(
    { now: () => at, wallMillis: () => at / 1_000 },
    { opening: openingDollars * 1e6, homeShard: 2, ...options },
  );
  const audience = kalshiPublic();
  const said: KalshiOutput[] = [];
  const hear = (out: readonly KalshiOutput[]): readonly KalshiOutput[] => {
    for (const each of out) {
      said.push(each);
      if (!isPrivate(each)) audience.hear(each as KalshiEmission);
    }
    return out;
  };
  const call = (method: string, path: string, body?: unknown) => {
    const out: KalshiOutput[] = [];
    const answer = exchange.http(
      {
        method,
        path: `/trade-api/v2${path}`,
        headers: {},
        body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body),
      },
      out,
    );
    hear(out);
    if (!answer) throw new Error(`no answer to ${method} ${path}`);
    const json = (answer.body === '' ? {} : JSON.parse(answer.body)) as Record<string, unknown>;
    return { status: answer.status, json };
  };
  const levels = (of: readonly (readonly [number, number])[]) =>
    of.map(([cents, contracts]) => ({ ticks: cents * 100, count: contracts * 100 }));
  const bench = {
    exchange,
    said,
    contract,
    now: () => at,
    audience,
    /** The makers' emission, of any market. */
    market: (emission: KalshiEmission) => hear(exchange.market(emission)),
    /** The book that the public rebuilt: cents and contracts, best first. */
    book: () => {
      const market = audience.market(contract.ticker);
      const side = (of: ReadonlyMap<number, number> | undefined, sign: number) =>
        [...(of ?? [])]
          .sort(([a], [b]) => sign * (a - b))
          .map(([ticks, count]) => [ticks / 100, count / 100] as const);
      return { bids: side(market?.bids, -1), asks: side(market?.asks, 1) };
    },
    trades: () => audience.trades(),
    pass: (micros: Micros) => {
      at += micros;
      const out: KalshiOutput[] = [];
      exchange.tick(out);
      hear(out);
    },
    open: (
      bids: readonly (readonly [number, number])[],
      asks: readonly (readonly [number, number])[],
    ): void => {
      hear(exchange.market({ kind: 'snapshot', at, contract, bids: levels(bids), asks: levels(asks) }));
    },
    makers: (side: 'bid' | 'ask', cents: number, contracts: number) =>
      hear(
        exchange.market({
          kind: 'delta',
          at,
          contract,
          side,
          ticks: cents * 100,
          change: contracts * 100,
        }),
      ),
    /** A taker among the makers: the trade and what it takes away. */
    takers: (taker: 'bid' | 'ask', cents: number, contracts: number) => {
      const tradeId = `makers-${++ids}`;
      hear(
        exchange.market({
          kind: 'trade',
          at,
          contract,
          tradeId,
          taker,
          ticks: cents * 100,
          count: contracts * 100,
        }),
      );
      return bench.makers(taker === 'bid' ? 'ask' : 'bid', cents, -contracts);
    },
    finish: (result: 'yes' | 'no') => {
      hear(exchange.market({ kind: 'determined', at, contract, result, valueUnits: undefined }));
      at += MINUTE;
      hear(exchange.market({ kind: 'settled', at, contract }));
    },
    call,
    order: (change: Readonly<Record<string, unknown>> = {}) =>
      call('POST', '/portfolio/events/orders', {
        ticker: contract.ticker,
        client_order_id: `order-${++ids}`,
        side: 'bid',
        count: '1.00',
        price: '0.5000',
        time_in_force: 'good_till_canceled',
        self_trade_prevention_type: 'taker_at_cross',
        ...change,
      }),
    balance: () => Number(call('GET', '/portfolio/balance').json['balance_dollars']),
    position: () => {
      const { market_positions: rows } = call('GET', '/portfolio/positions').json as {
        market_positions: readonly { position_fp: string; realized_pnl_dollars: string }[];
      };
      return Number(rows[0]?.position_fp ?? 0);
    },
  };
  return bench;
}
