import { Subject } from 'rxjs';
import type { Contract } from '../../src/domain/contracts.ts';
import type { Decision } from '../../src/domain/events/decision.ts';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import type { ContractChanged } from '../../src/domain/events/market.ts';
import type { Fill, GatewayCommand, GatewayEvent, Order } from '../../src/domain/events/order.ts';
import { count } from '../../src/domain/money.ts';
import { HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { desk } from '../../src/execution/desk.ts';
import type { DeskInput, DeskOutput } from '../../src/execution/desk-events.ts';
import { executionSettings } from '../../src/execution/settings.ts';
import { core } from '../../src/operators/core.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { riskSettings } from '../../src/risk/settings.ts';
import { createBook } from '../../src/venues/kalshi/book.ts';
import { CLOSE_AT, contractOf, fillOf } from '../portfolio/samples.ts';

export const START_AT = CLOSE_AT - 10 * MINUTE;
export const EVERY = 100 * MILLISECOND;
const WARM_MINUTES = 600;

/** A forecast of a constant variance: 45 % a year. */
export const forecastAt = (at: Micros, annualisedVolatility = 0.45): Forecast => ({
  kind: 'forecast',
  at,
  receivedAt: at,
  model: 'backbone',
  horizons: [{ minutes: 60, logVariance: Math.log(annualisedVolatility ** 2 / 8_760) }],
  path: {
    between: (from, to) => ((to - from) / HOUR) * (annualisedVolatility ** 2 / 8_760),
    until: at + 2 * HOUR,
  },
  tail: () => ({ nu: 4, scale: 0.7 }),
  annualisedVolatility,
});

interface BenchSettings {
  readonly risk?: Record<string, number>;
  readonly desk?: Record<string, unknown>;
}

/**
 * The desk behind `core`, with a port that only writes down what is sent, on a market that the test makes by hand. It believes its model alone, and
 * unless told otherwise nothing but the edge keeps it out. `tell` delivers events; time passes by `pass`.
 */
export function deskBench({ risk = {}, desk: terms = {} }: BenchSettings = {}) {
  const clock = tapeScheduler(START_AT);
  const input$ = new Subject<DeskInput>();
  const answer$ = new Subject<GatewayEvent>();
  const sent: GatewayCommand[] = [];
  const said: DeskOutput[] = [];
  const settings = {
    risk: riskSettings.parse({ orderCooldownMicros: 0, edgeErrorMultiple: 0, ...risk }),
    pricing: pricingSettings.parse({
      edge: { blend: { marketWeight: 0, modelWeight: 1, modelWeightError: 0 } },
    }),
    execution: executionSettings.parse({ desk: { requiredFeeds: [], ...terms } }),
    warmUpMinutes: WARM_MINUTES,
  };
  input$
    .pipe(
      core<DeskInput, GatewayEvent, DeskOutput, GatewayCommand>(
        clock,
        () => desk(settings, () => clock.at),
        () => ({ events$: answer$, send: (command: GatewayCommand) => sent.push(command) }),
      ),
    )
    .subscribe((event) => said.push(event));

  const now = () => ({ at: clock.at, receivedAt: clock.at });
  const books = new Map<string, ReturnType<typeof createBook>>();
  const tell = (...events: readonly DeskInput[]): void => {
    for (const event of events) input$.next(event);
  };
  const bench = {
    clock,
    said,
    sent,
    settings,
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
      for (const book of books.values()) {
        book.quarantine();
        tell({
          kind: 'contractBook',
          ...now(),
          ticker: book.ticker,
          book,
          topChanged: true,
          delta: undefined,
        });
      }
      tell({ kind: 'session', at: clock.at, name: 'test', history: [] });
    },
    warm: (bars = WARM_MINUTES): void =>
      tell({
        kind: 'featureRow',
        ...now(),
        values: new Float64Array(),
        inputs: new Float64Array(),
        window: new Float32Array(),
        windowReturns: 0,
        warm: true,
        bars,
      }),
    forecast: (annualisedVolatility?: number): void => tell(forecastAt(clock.at, annualisedVolatility)),
    index: (value: number, source: 'brti' | 'twin' = 'brti'): void =>
      tell({ kind: 'index', ...now(), value, source, variance: 0 }),
    /** One print of the index stamped `at`, in cents. */
    print: (cents: number, at: Micros): void =>
      tell({
        kind: 'indexPrint',
        at,
        receivedAt: clock.at,
        indexId: 'BRTI',
        sid: 9,
        seq: 1,
        cents,
        hertz: 1,
      }),
    contract: (
      terms: Partial<Contract> = {},
      { state = 'active', result }: { state?: ContractChanged['state']; result?: 'yes' | 'no' } = {},
    ): void => tell({ kind: 'contract', ...now(), contract: contractOf(terms), state, result }),
    /** Both best prices of a book, 100 contracts at each. */
    book: (bid: number, ask: number, ticker = 'KXBTCD-A'): void => {
      const book = books.get(ticker) ?? createBook(ticker);
      books.set(ticker, book);
      book.load([bid, 10_000], [ask, 10_000]);
      tell({ kind: 'contractBook', ...now(), ticker, book, topChanged: true, delta: undefined });
    },
    voidBook: (ticker = 'KXBTCD-A'): void => {
      const book = books.get(ticker) ?? createBook(ticker);
      book.quarantine();
      tell({ kind: 'contractBook', ...now(), ticker, book, topChanged: true, delta: undefined });
    },
    /** A warm session with a forecast and an index at the strike: fair value is a half. */
    ready: (): void => {
      bench.session();
      bench.warm();
      bench.forecast();
      bench.index(80_000.99);
      bench.contract();
    },
    answer: (...events: readonly GatewayEvent[]): void => {
      for (const event of events) answer$.next(event);
    },
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
