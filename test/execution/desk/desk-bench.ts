import { Subject } from 'rxjs';
import type { Asset } from '../../../src/domain/asset.ts';
import type { Contract } from '../../../src/domain/contracts.ts';
import type { Decision } from '../../../src/domain/events/decision.ts';
import type { Forecast } from '../../../src/domain/events/forecast.ts';
import type { ContractChanged } from '../../../src/domain/events/market.ts';
import type { Fill, GatewayEvent, Order } from '../../../src/domain/events/order.ts';
import { count } from '../../../src/domain/money.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../../src/domain/time.ts';
import { desk } from '../../../src/execution/desk/desk.ts';
import type { DeskInput, DeskOutput } from '../../../src/execution/desk/desk-events.ts';
import { deskOnPaper } from '../../../src/execution/paper/desk-on-paper.ts';
import { executionSettings } from '../../../src/execution/settings.ts';
import { core } from '../../../src/operators/core.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { pricingSettings } from '../../../src/pricing/settings.ts';
import { riskSettings } from '../../../src/risk/settings.ts';
import { CLOSE_AT, contractOf, fillOf } from '../../portfolio/samples.ts';
import { BTC } from '../../support/assets.ts';
import { bookTeller } from '../../support/book-events.ts';
import { paperBooks } from '../../support/paper-books.ts';
import { minutesOf } from '../../support/variance-paths.ts';

export const START_AT = CLOSE_AT - 10 * MINUTE;
export const EVERY = 100 * MILLISECOND;
const WARM_MINUTES = 600;

/** A forecast of a constant variance: 45 % a year. */
export const forecastAt = (at: Micros, annualisedVolatility = 0.45, asset = 'BTC'): Forecast => ({
  kind: 'forecast',
  asset,
  at,
  receivedAt: at,
  model: 'backbone',
  horizons: [{ minutes: 60, logVariance: Math.log(annualisedVolatility ** 2 / 8_760) }],
  path: minutesOf(at, 120, () => annualisedVolatility ** 2 / (60 * 8_760)),
  tails: [{ seconds: 60, nu: 4, scale: 0.7 }],
  annualisedVolatility,
});

interface BenchSettings {
  readonly risk?: Record<string, number>;
  readonly desk?: Record<string, unknown>;
  readonly paper?: Record<string, number>;
  readonly sizing?: Record<string, unknown>;
  /** The maker's settings; left out, nothing is quoted. */
  readonly make?: Record<string, unknown>;
  readonly take?: boolean;
  readonly bundles?: Record<string, unknown>;
  /** Where orders go: nowhere, so that the test answers them itself, or to the imagined venue. */
  readonly orders?: 'venue' | 'paper';
  readonly assets?: readonly Asset[];
}

/**
 * The desk behind `core` on a market that the test makes by hand. It believes its model alone, and unless told otherwise nothing but the edge
 * keeps it out. `tell` delivers events; time passes by `pass`.
 */
export function deskBench({
  risk = {},
  desk: terms = {},
  paper = {},
  sizing = {},
  make = {},
  take = true,
  bundles = {},
  orders = 'venue',
  assets = [BTC],
}: BenchSettings = {}) {
  const clock = tapeScheduler(START_AT);
  const input$ = new Subject<DeskInput>();
  const said: DeskOutput[] = [];
  const settings = {
    assets,
    // The bench has no spot venue unless a test tells one.
    risk: riskSettings.parse({ orderCooldownMicros: 0, edgeErrorMultiple: 0, indexSourcesMin: 1, ...risk }),
    pricing: pricingSettings.parse({
      edge: { blend: { marketWeight: 0, modelWeight: 1, modelWeightError: 0 } },
      sizing,
    }),
    execution: executionSettings.parse({ desk: { requiredFeeds: [], ...terms }, paper, make, take, bundles }),
    warmUpMinutes: WARM_MINUTES,
  };
  const running = input$
    .pipe(
      core<DeskInput, DeskOutput>(clock, (enqueue) => {
        const step = desk(settings, () => clock.at);
        return orders === 'paper'
          ? deskOnPaper(step, settings.execution, clock, paperBooks(), enqueue)
          : { step };
      }),
    )
    .subscribe((event) => said.push(event));

  const now = () => ({ at: clock.at, receivedAt: clock.at });
  const books = new Map<string, ReturnType<typeof bookTeller>>();
  const bookOf = (ticker: string): ReturnType<typeof bookTeller> => {
    const known = books.get(ticker) ?? bookTeller(ticker);
    books.set(ticker, known);
    return known;
  };
  const tell = (...events: readonly DeskInput[]): void => {
    for (const event of events) input$.next(event);
  };
  const bench = {
    clock,
    said,
    settings,
    running,
    tell,
    /** Lets event time pass, after what is due now. */
    pass: (micros = 0): void => {
      clock.runTo(clock.at + micros);
    },
    /** A recording of its own begins; by default a hole of one second lies before it. */
    session: (micros = SECOND): void => {
      clock.jumpTo(clock.at + micros);
      for (const venue of ['kraken', 'coinbase', 'kalshi'] as const)
        tell({ kind: 'gap', ...now(), venue, cause: 'session', scope: 'test', detail: '' });
      for (const book of books.values()) tell(book.void(now()));
    },
    warm: (bars = WARM_MINUTES, asset = 'BTC'): void =>
      tell({
        kind: 'minuteRow',
        ...now(),
        asset,
        values: new Float64Array(),
        inputs: new Float64Array(),
        window: new Float32Array(),
        windowReturns: 0,
        warm: true,
        bars,
      }),
    forecast: (annualisedVolatility?: number, asset?: string): void =>
      tell(forecastAt(clock.at, annualisedVolatility, asset)),
    index: (value: number, source: 'prints' | 'twin' = 'prints', asset = 'BTC'): void =>
      tell({ kind: 'index', asset, ...now(), value, source, variance: 0 }),
    /** One print of the index stamped `at`, in cents. */
    print: (units: number, at: Micros): void =>
      tell({
        kind: 'indexPrint',
        at,
        receivedAt: clock.at,
        indexId: 'BRTI',
        sid: 9,
        seq: 1,
        asset: 'BTC',
        units,
        decimals: 2,
        hertz: 1,
      }),
    contract: (
      terms: Partial<Contract> = {},
      { state = 'active', result }: { state?: ContractChanged['state']; result?: 'yes' | 'no' } = {},
    ): void => tell({ kind: 'contract', ...now(), contract: contractOf(terms), state, result }),
    /** Both best prices of a book, 100 contracts at each. */
    book: (bid: number, ask: number, ticker = 'KXBTCD-A'): void =>
      tell(bookOf(ticker).load(now(), [bid, 10_000], [ask, 10_000])),
    /** One level of a book changes by a signed count. */
    delta: (side: 'bid' | 'ask', ticks: number, by: number, ticker = 'KXBTCD-A'): void =>
      tell(bookOf(ticker).change(now(), side, ticks, by)),
    voidBook: (ticker = 'KXBTCD-A'): void => tell(bookOf(ticker).void(now())),
    /** A warm session with a forecast and an index at the strike: fair value is a half. */
    ready: (): void => {
      bench.session();
      bench.warm();
      bench.forecast();
      bench.index(80_000.99);
      bench.contract();
    },
    answer: (...events: readonly GatewayEvent[]): void => tell(...events),
    /** What the venue says of an order that was filled whole. */
    filled: (order: Order, terms: Parameters<typeof fillOf>[1] = {}): readonly GatewayEvent[] => {
      const fill: Fill = fillOf(order, { at: clock.at, ...terms });
      const { clientOrderId, ticker } = order;
      return [
        fill,
        { kind: 'orderDone', clientOrderId, ticker, at: clock.at, state: 'filled', filled: order.count },
      ];
    },
    cancelled: ({ clientOrderId, ticker }: Order): GatewayEvent => ({
      kind: 'orderDone',
      clientOrderId,
      ticker,
      at: clock.at,
      state: 'cancelled',
      filled: count(0),
    }),
    only: <K extends DeskOutput['kind']>(kind: K) =>
      said.filter((event): event is Extract<DeskOutput, { kind: K }> => event.kind === kind),
    decisions: (): readonly Decision[] => bench.only('decision'),
    last: (): Decision => {
      const decision = bench.decisions().at(-1);
      if (!decision) throw new Error('deskBench: a decision must have been told, was none');
      return decision;
    },
    orders: (): readonly Order[] => bench.only('orderSent').map(({ order }) => order),
    /** The only order so far. */
    order: (): Order => {
      const [order, second] = bench.orders();
      if (!order || second)
        throw new Error(`deskBench: one order must have been sent, was ${bench.orders().length}`);
      return order;
    },
  };
  return bench;
}
